import HeapModule

/// Sessions by the uptime of the oldest that they keep.
struct OldestFirst: Sendable {
    private struct Entry: Comparable, Sendable {
        let uptime: Duration
        let index: Int

        static func < (left: Entry, right: Entry) -> Bool { (left.uptime, left.index) < (right.uptime, right.index) }
    }

    private var entries = Heap<Entry>()

    /// The oldest uptime of all; nil when there is none.
    var first: Duration? { entries.min?.uptime }

    /// Puts a session in by its place among all.
    mutating func insert(_ uptime: Duration, _ index: Int) { entries.insert(Entry(uptime: uptime, index: index)) }

    /// Takes out the session that keeps the oldest.
    mutating func removeFirst() -> (uptime: Duration, index: Int)? {
        entries.popMin().map { ($0.uptime, $0.index) }
    }
}
