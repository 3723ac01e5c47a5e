import Synchronization

/// What all journals and kept messages may hold together, and who has to give when it is used up: the oldest of all.
///
/// A running total is kept, so that an event costs one addition here. Only when the total is beyond the limit are the
/// journals looked at, once each, and room is made for 1/64 of the limit at a time: 4 MiB, some 16,000 events, over which
/// the cost of the pass is spread. More would throw away what still has a place, less would look more often.
final class JournalBudget: Sendable {
    private let most: Atomic<Int>
    private let total = Atomic<Int>(0)
    private let dropped = Atomic<Int>(0)
    /// Events that were dropped because of what one journal may keep, for the metrics.
    let outdated = Tally()
    private let isTrimming = Atomic<Bool>(false)

    init(limit: Int) { most = Atomic(limit) }

    /// Bytes; 0 for no limit.
    var limit: Int {
        get { most.load(ordering: .relaxed) }
        set { most.store(newValue, ordering: .relaxed) }
    }

    /// Bytes that all journals and kept messages hold.
    var bytes: Int { total.load(ordering: .relaxed) }

    /// Events that were dropped for others since the gateway started, for the metrics.
    var droppedEvents: Int { dropped.load(ordering: .relaxed) }

    /// A journal has grown or shrunk; true when the caller has to have room made, with `trim`.
    ///
    /// Only one caller at a time is told so. Locks may be held: nothing is called from here.
    func add(_ growth: Int) -> Bool {
        guard growth != 0 else { return false }
        let now = total.wrappingAdd(growth, ordering: .relaxed).newValue
        let limit = limit
        guard limit > 0, growth > 0, now > limit else { return false }
        return isTrimming.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    }

    /// Drops the oldest events of all these sessions until there is room again.
    ///
    /// No lock may be held: the sessions' own ones are taken, one at a time.
    func trim(_ sessions: [Session]) {
        defer { isTrimming.store(false, ordering: .releasing) }
        let limit = limit
        let target = limit - limit / 64
        // The operator may have switched it off meanwhile.
        guard limit > 0 else { return }
        var queue = OldestFirst()
        for (index, session) in sessions.enumerated() {
            if let uptime = session.oldestKept { queue.insert(uptime, index) }
        }
        while bytes > target, let (_, index) = queue.removeFirst() {
            let result = sessions[index].dropOldest(through: queue.first, freeing: bytes - target)
            total.wrappingSubtract(result.bytes, ordering: .relaxed)
            dropped.wrappingAdd(result.events, ordering: .relaxed)
            if let uptime = result.oldest { queue.insert(uptime, index) }
        }
    }
}
