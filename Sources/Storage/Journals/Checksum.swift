/// CRC-32 (ISO/IEC 3309, the one of Ethernet and zip): whether something reads as it was written.
package enum Checksum {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { sum, _ in sum & 1 == 1 ? 0xEDB8_8320 ^ (sum >> 1) : sum >> 1 }
    }

    /// The sum of these bytes, behind those of another sum.
    package static func of(_ bytes: [UInt8], behind sum: UInt32 = 0) -> UInt32 { add(bytes, to: sum) }

    /// The same of a text's UTF-8.
    package static func of(_ text: String, behind sum: UInt32 = 0) -> UInt32 { add(text.utf8, to: sum) }

    /// The same of a number's eight bytes, the lowest first.
    package static func of(_ number: UInt64, behind sum: UInt32 = 0) -> UInt32 {
        add((0..<8).lazy.map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }, to: sum)
    }

    private static func add(_ bytes: some Sequence<UInt8>, to sum: UInt32) -> UInt32 {
        let table = table
        return ~bytes.reduce(~sum) { sum, byte in table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] ^ (sum >> 8) }
    }
}
