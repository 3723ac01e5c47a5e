/// Journals by the time of their oldest event: a binary heap.
struct OldestFirst: Sendable {
    private var entries: [(time: Timestamp, index: Int)] = []

    /// The oldest time of all; nil when there is none.
    var first: Timestamp? { entries.first?.time }

    mutating func insert(_ time: Timestamp, _ index: Int) {
        entries.append((time, index))
        var child = entries.count - 1
        while child > 0, entries[child].time < entries[(child - 1) / 2].time {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeFirst() -> (time: Timestamp, index: Int)? {
        guard let first = entries.first, let last = entries.popLast() else { return nil }
        guard !entries.isEmpty else { return first }
        entries[0] = last
        var parent = 0
        while true {
            let left = 2 * parent + 1
            guard left < entries.count else { return first }
            let right = left + 1
            let child = right < entries.count && entries[right].time < entries[left].time ? right : left
            guard entries[child].time < entries[parent].time else { return first }
            entries.swapAt(child, parent)
            parent = child
        }
    }
}
