import HeapModule

/// Times and what is due then, earliest first.
///
/// Cancelling costs nothing: whoever takes an entry out looks whether it still counts, and `compact` sweeps when those
/// that don't are in the majority. Later deadlines than all others, the usual case, go in without moving any.
struct DeadlineQueue {
    private struct Entry: Comparable {
        let deadline: ContinuousClock.Instant
        let id: UInt64

        static func < (left: Entry, right: Entry) -> Bool { (left.deadline, left.id) < (right.deadline, right.id) }
    }

    private var entries = Heap<Entry>()

    /// How many there are, cancelled ones included.
    var count: Int { entries.count }

    /// The earliest deadline, of a cancelled entry perhaps.
    var next: ContinuousClock.Instant? { entries.min?.deadline }

    /// Puts an entry in.
    mutating func insert(_ id: UInt64, at deadline: ContinuousClock.Instant) {
        entries.insert(Entry(deadline: deadline, id: id))
    }

    /// Takes the earliest entry out if it is due.
    mutating func popDue(at now: ContinuousClock.Instant) -> UInt64? {
        guard let next, next <= now else { return nil }
        return entries.popMin()?.id
    }

    /// Drops cancelled entries when there are more of them than of the `live` others.
    mutating func compact(live: Int, isLive: (UInt64) -> Bool) {
        // A few cost less than looking at them does.
        guard count > 64, count > 2 * live else { return }
        entries = Heap(entries.unordered.filter { isLive($0.id) })
    }
}
