/// Says whether a record is as it was written: an engine notices a damaged structure, and no flipped bit.
package enum RecordSum {
    /// CRC-32 over the table's name and all of a row's values, each with its kind and its length before it.
    package static func of(_ values: [StoredValue], in table: RecordTable) -> Int64 {
        Int64(values.reduce(Checksum.of(table.name)) { sum, value in value.sum(behind: sum) })
    }
}

extension StoredValue {
    fileprivate func sum(behind sum: UInt32) -> UInt32 {
        switch self {
        case .null: Checksum.of(0, behind: sum)
        case .integer(let number): Checksum.of(UInt64(bitPattern: number), behind: Checksum.of(1, behind: sum))
        case .text(let text):
            Checksum.of(text, behind: Checksum.of(UInt64(text.utf8.count), behind: Checksum.of(2, behind: sum)))
        case .bytes(let bytes):
            Checksum.of(bytes, behind: Checksum.of(UInt64(bytes.count), behind: Checksum.of(3, behind: sum)))
        }
    }
}
