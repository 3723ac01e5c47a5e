import Storage

/// Which rows a table has, in 16 bytes: their count, and a sum over their numbers that hardly any other rows have.
///
/// SQLite reads a page that is another's, or one of yesterday, without a word, and then there are just fewer rows.
struct RowSet: Equatable, Sendable {
    private(set) var count: UInt64 = 0
    private(set) var marks: UInt64 = 0

    init() {}

    /// As it was written down.
    init(count: UInt64, marks: UInt64) { (self.count, self.marks) = (count, marks) }

    mutating func insert(_ row: UInt64) {
        count &+= 1
        marks &+= Self.mark(row)
    }

    mutating func remove(_ row: UInt64) {
        count &-= 1
        marks &-= Self.mark(row)
    }

    /// A number that looks like none of its neighbours': the last step of SplitMix64.
    static func mark(_ row: UInt64) -> UInt64 {
        var mark = row &+ 0x9E37_79B9_7F4A_7C15
        mark = (mark ^ (mark >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mark = (mark ^ (mark >> 27)) &* 0x94D0_49BB_1331_11EB
        return mark ^ (mark >> 31)
    }

    /// The number with that mark: each step is undone.
    static func row(of mark: UInt64) -> UInt64 {
        var row = mark ^ (mark >> 31) ^ (mark >> 62)
        row = row &* 0x3196_42B2_D24D_8EC3
        row = (row ^ (row >> 27) ^ (row >> 54)) &* 0x96DE_1B17_3F11_9089
        return (row ^ (row >> 30) ^ (row >> 60)) &- 0x9E37_79B9_7F4A_7C15
    }
}
