import HeapModule

/// Times and what is due then, earliest first.
///
/// Cancelling costs nothing: whoever takes an entry out looks whether it still counts, and `compact` sweeps when those
/// that don't are in the majority. Later deadlines than all others, the usual case, go in without moving any.
package struct DeadlineQueue {
    private struct Entry: Comparable {
        let deadline: ContinuousClock.Instant
        let id: UInt64

        static func < (left: Entry, right: Entry) -> Bool { (left.deadline, left.id) < (right.deadline, right.id) }
    }

    private var entries = Heap<Entry>()

    package init() {}

    /// How many there are, cancelled ones included.
    package var count: Int { entries.count }

    /// The earliest deadline, of a cancelled entry perhaps.
    package var next: ContinuousClock.Instant? { entries.min?.deadline }

    /// Puts an entry in.
    package mutating func insert(_ id: UInt64, at deadline: ContinuousClock.Instant) {
        entries.insert(Entry(deadline: deadline, id: id))
    }

    /// Takes the earliest entry out if it is due.
    package mutating func popDue(at now: ContinuousClock.Instant) -> UInt64? {
        guard let next, next <= now else { return nil }
        return entries.popMin()?.id
    }

    /// The earliest deadline that counts; cancelled ones before it are dropped, so that nobody is woken for them.
    package mutating func next(_ isLive: (UInt64) -> Bool) -> ContinuousClock.Instant? {
        while let first = entries.min {
            if isLive(first.id) { return first.deadline }
            entries.removeMin()
        }
        return nil
    }

    /// Drops cancelled entries when there are more of them than of the `live` others.
    package mutating func compact(live: Int, isLive: (UInt64) -> Bool) {
        // A few cost less than looking at them does.
        guard count > 64, count > 2 * live else { return }
        entries = Heap(entries.unordered.filter { isLive($0.id) })
    }
}
