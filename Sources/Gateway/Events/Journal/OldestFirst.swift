/// Sessions by the uptime of the oldest that they keep: a binary heap.
struct OldestFirst: Sendable {
    private var entries: [(uptime: Duration, index: Int)] = []

    /// The oldest uptime of all; nil when there is none.
    var first: Duration? { entries.first?.uptime }

    mutating func insert(_ uptime: Duration, _ index: Int) {
        entries.append((uptime, index))
        var child = entries.count - 1
        while child > 0, entries[child].uptime < entries[(child - 1) / 2].uptime {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeFirst() -> (uptime: Duration, index: Int)? {
        guard let first = entries.first, let last = entries.popLast() else { return nil }
        guard !entries.isEmpty else { return first }
        entries[0] = last
        var parent = 0
        while true {
            let left = 2 * parent + 1
            guard left < entries.count else { return first }
            let right = left + 1
            let child = right < entries.count && entries[right].uptime < entries[left].uptime ? right : left
            guard entries[child].uptime < entries[parent].uptime else { return first }
            entries.swapAt(child, parent)
            parent = child
        }
    }
}
