import DequeModule
import HeapModule

/// Times and what is due then, earliest first.
///
/// Cancelling costs nothing: whoever takes an entry out looks whether it still counts, and `compact` sweeps when those
/// that don't are in the majority. What waits equally long comes in the order in which it is due, and there are few lengths: each
/// deadline stands in a row behind an earlier one, where it costs nothing but its place. What fits in no row is in a heap, which
/// alone took 0.5 µs of an event, and with a single row 5 µs of a sign-in.
package struct DeadlineQueue {
    private struct Entry: Comparable {
        let deadline: MonotonicInstant
        let id: UInt64

        static func < (left: Entry, right: Entry) -> Bool { (left.deadline, left.id) < (right.deadline, right.id) }
    }

    /// Each in its order.
    private var rows = [Deque<Entry>](repeating: [], count: 4)
    /// The others.
    private var heap = Heap<Entry>()

    package init() {}

    /// How many there are, cancelled ones included.
    package var count: Int { rows.indices.reduce(heap.count) { $0 + rows[$1].count } }

    /// The earliest deadline, of a cancelled entry perhaps.
    package var next: MonotonicInstant? { first?.entry.deadline }

    /// The earliest, and the row that it begins; no row for the heap's.
    private var first: (entry: Entry, row: Int?)? {
        var first: (entry: Entry, row: Int?)? = heap.min.map { ($0, nil) }
        for row in rows.indices {
            guard let entry = rows[row].first else { continue }
            if let earliest = first?.entry, earliest < entry { continue }
            first = (entry, row)
        }
        return first
    }

    /// Puts an entry in.
    package mutating func insert(_ id: UInt64, at deadline: MonotonicInstant) {
        let entry = Entry(deadline: deadline, id: id)
        // Behind the latest that is earlier, so that the other rows stay open to what is due sooner; else a row of its own.
        var (best, end): (Int?, Entry?) = (nil, nil)
        for row in rows.indices {
            let last = rows[row].last
            if let last, entry < last { continue }
            if let last, end.map({ $0 < last }) ?? true { (best, end) = (row, last) } else if best == nil { best = row }
        }
        if let best { rows[best].append(entry) } else { heap.insert(entry) }
    }

    /// Takes the earliest entry out if it is due.
    package mutating func popDue(at now: MonotonicInstant) -> UInt64? {
        guard let (entry, row) = first, entry.deadline <= now else { return nil }
        removeFirst(of: row)
        return entry.id
    }

    /// The earliest deadline that counts; cancelled ones before it are dropped, so that nobody is woken for them.
    package mutating func next(_ isLive: (UInt64) -> Bool) -> MonotonicInstant? {
        while let (entry, row) = first {
            if isLive(entry.id) { return entry.deadline }
            removeFirst(of: row)
        }
        return nil
    }

    /// Drops cancelled entries when there are more of them than of the `live` others.
    package mutating func compact(live: Int, isLive: (UInt64) -> Bool) {
        // A few cost less than looking at them does.
        guard count > 64, count > 2 * live else { return }
        for row in rows.indices { rows[row].removeAll { !isLive($0.id) } }
        if !heap.isEmpty { heap = Heap(heap.unordered.filter { isLive($0.id) }) }
    }

    private mutating func removeFirst(of row: Int?) {
        if let row { rows[row].removeFirst() } else { heap.removeMin() }
    }
}
