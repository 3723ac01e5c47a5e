/// Rows of the journal that are to be deleted.
struct DeadRows {
    private var positions: [UInt64]

    /// Rows in one transaction at most: other work waits for it.
    private static let slice = 4_096

    init(_ positions: [UInt64]) { self.positions = positions }

    var count: Int { positions.count }

    mutating func add(_ more: [UInt64]) { positions += more }

    /// The first of them as ranges, and what is left without them.
    func slice() -> (ranges: [ClosedRange<UInt64>], rest: DeadRows) {
        var ranges: [ClosedRange<UInt64>] = []
        for position in positions.prefix(Self.slice).sorted() {
            if let last = ranges.last, last.upperBound + 1 >= position {
                ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, position)
            } else {
                ranges.append(position...position)
            }
        }
        return (ranges, DeadRows(Array(positions.dropFirst(Self.slice))))
    }
}
