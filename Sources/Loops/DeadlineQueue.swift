import DequeModule
import HeapModule

/// Times and what is due then, earliest first.
///
/// Cancelling costs nothing: whoever takes an entry out looks whether it still counts, and `compact` sweeps when those
/// that don't are in the majority. Later deadlines than all others, the usual case, stand in a row of their own, in which
/// they cost nothing but their place; of an event, of which each has one, the heap alone took 0.5 µs.
package struct DeadlineQueue {
    private struct Entry: Comparable {
        let deadline: ContinuousClock.Instant
        let id: UInt64

        static func < (left: Entry, right: Entry) -> Bool { (left.deadline, left.id) < (right.deadline, right.id) }
    }

    /// Those that were the latest when they came, in their order.
    private var row: Deque<Entry> = []
    /// The others.
    private var heap = Heap<Entry>()

    package init() {}

    /// How many there are, cancelled ones included.
    package var count: Int { row.count + heap.count }

    /// The earliest deadline, of a cancelled entry perhaps.
    package var next: ContinuousClock.Instant? { first?.deadline }

    private var first: Entry? {
        guard let other = heap.min else { return row.first }
        guard let first = row.first else { return other }
        return min(first, other)
    }

    /// Puts an entry in.
    package mutating func insert(_ id: UInt64, at deadline: ContinuousClock.Instant) {
        let entry = Entry(deadline: deadline, id: id)
        if let last = row.last, entry < last { heap.insert(entry) } else { row.append(entry) }
    }

    /// Takes the earliest entry out if it is due.
    package mutating func popDue(at now: ContinuousClock.Instant) -> UInt64? {
        guard let first, first.deadline <= now else { return nil }
        removeFirst()
        return first.id
    }

    /// The earliest deadline that counts; cancelled ones before it are dropped, so that nobody is woken for them.
    package mutating func next(_ isLive: (UInt64) -> Bool) -> ContinuousClock.Instant? {
        while let first {
            if isLive(first.id) { return first.deadline }
            removeFirst()
        }
        return nil
    }

    /// Drops cancelled entries when there are more of them than of the `live` others.
    package mutating func compact(live: Int, isLive: (UInt64) -> Bool) {
        // A few cost less than looking at them does.
        guard count > 64, count > 2 * live else { return }
        row.removeAll { !isLive($0.id) }
        if !heap.isEmpty { heap = Heap(heap.unordered.filter { isLive($0.id) }) }
    }

    private mutating func removeFirst() {
        if let other = heap.min, row.first.map({ other < $0 }) ?? true {
            heap.removeMin()
        } else {
            row.removeFirst()
        }
    }
}
