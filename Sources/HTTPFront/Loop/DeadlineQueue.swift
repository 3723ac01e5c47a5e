/// Times and what is due then, earliest first.
///
/// Cancelling costs nothing: whoever takes an entry out looks whether it still counts, and `compact` sweeps when those
/// that don't are in the majority. Later deadlines than all others, the usual case, go in without moving any.
struct DeadlineQueue {
    struct Entry {
        let deadline: ContinuousClock.Instant
        let id: UInt64
    }

    /// A binary heap: each entry is no later than the two at twice its place and behind.
    private var heap: [Entry] = []

    var count: Int { heap.count }

    /// The earliest deadline, of a cancelled entry perhaps.
    var next: ContinuousClock.Instant? { heap.first?.deadline }

    mutating func insert(_ id: UInt64, at deadline: ContinuousClock.Instant) {
        heap.append(Entry(deadline: deadline, id: id))
        rise(from: heap.count - 1)
    }

    /// Takes the earliest entry out if it is due.
    mutating func popDue(at now: ContinuousClock.Instant) -> UInt64? {
        guard let first = heap.first, first.deadline <= now else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink(from: 0)
        }
        return first.id
    }

    /// Drops cancelled entries when there are more of them than of the `live` others.
    mutating func compact(live: Int, isLive: (UInt64) -> Bool) {
        // A few cost less than looking at them does.
        guard heap.count > 64, heap.count > 2 * live else { return }
        // Sorted is a heap, too.
        heap = heap.filter { isLive($0.id) }.sorted { $0.deadline < $1.deadline }
    }

    private mutating func rise(from start: Int) {
        var index = start
        while index > 0 {
            let parent = (index - 1) / 2
            guard heap[index].deadline < heap[parent].deadline else { return }
            heap.swapAt(index, parent)
            index = parent
        }
    }

    private mutating func sink(from start: Int) {
        var index = start
        while true {
            var least = index
            for child in (2 * index + 1)...(2 * index + 2)
            where child < heap.count && heap[child].deadline < heap[least].deadline {
                least = child
            }
            guard least != index else { return }
            heap.swapAt(index, least)
            index = least
        }
    }
}
