import Locking
import MSNP
import Synchronization

/// What the session's journal holds of the memory for all, and whether anybody still uses the session.
extension Session {
    /// What making room in a journal brought.
    struct Dropped: Sendable, Equatable {
        var bytes = 0
        var events = 0
        /// The time of the oldest event that is left.
        var oldest: Timestamp?
    }

    /// What the metrics count: its state, and the polls that wait here.
    var gauge: (state: SessionState, polls: Int) { state.withLock { ($0.record.state, $0.parked.count) } }

    /// The time of the oldest event that is kept.
    var oldestEvent: Timestamp? { state.withLock { $0.record.journal.oldestTime } }

    /// Drops events up to a time (nil: whatever their time) until so many bytes are free.
    func dropEvents(through time: Timestamp?, freeing bytes: Int) -> Dropped {
        state.withLock { state in
            let dropped = state.record.dropEvents(through: time, freeing: bytes)
            // The budget takes these off its total itself.
            state.countedBytes -= dropped.bytes
            return dropped
        }
    }

    /// Tells the budget what the journal has grown by, once the session's lock is free.
    func account(_ growth: Int) {
        if environment.journals.add(growth) { environment.trimJournals() }
    }

    /// Somebody called, polled or looked.
    func use(at uptime: Duration) { lastUse.store(uptime.milliseconds, ordering: .relaxed) }

    /// Whether nobody has used it since some uptime.
    func isUnused(since uptime: Duration) -> Bool {
        guard lastUse.load(ordering: .relaxed) <= uptime.milliseconds else { return false }
        // Whoever waits here uses it for as long as they wait.
        return state.withLock { $0.parked.isEmpty && $0.waiters.isEmpty && $0.streams.isEmpty && $0.traces.isEmpty }
    }
}

extension Session.State {
    /// What the journal has grown by since this was asked last.
    mutating func takeGrowth() -> Int {
        let growth = record.journal.bytes - countedBytes
        countedBytes += growth
        return growth
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
