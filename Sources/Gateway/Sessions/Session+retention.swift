import Locking
import MSNP
import Synchronization

/// What the session's journal and messages hold of the memory for all, and whether anybody still uses the session.
extension Session {
    /// What making room in a journal brought.
    struct Dropped: Sendable, Equatable {
        var bytes = 0
        var events = 0
        /// The uptime of the oldest that is left.
        var oldest: Duration?
    }

    /// What the metrics count: its state, and the polls that wait here.
    var gauge: (state: SessionState, polls: Int) { (state.withLock { $0.record.state }, readers.polls) }

    /// The uptime of the oldest event or message that is kept.
    var oldestKept: Duration? { state.withLock { $0.record.oldestKept } }

    /// Drops events and messages up to an uptime (nil: whatever theirs) until so many bytes are free.
    func dropOldest(through uptime: Duration?, freeing bytes: Int) -> Dropped {
        state.withLock { state in
            let dropped = state.record.dropOldest(through: uptime, freeing: bytes)
            // The budget takes these off its total itself.
            state.countedBytes -= dropped.bytes
            return dropped
        }
    }

    /// Tells the budget what journal and messages have grown by, once the session's lock is free.
    func account(_ growth: Int) {
        if environment.journals.add(growth) { environment.trimJournals() }
    }

    /// Somebody called, polled or looked.
    func use(at uptime: Duration) { lastUse.store(uptime.milliseconds, ordering: .relaxed) }

    /// Whether somebody who signed in asked for it to be kept: it waits longer for them.
    var isKept: Bool { kept.load(ordering: .relaxed) }

    /// Somebody's device keeps a token of it; another's sign-in does not take that back.
    func keep() {
        guard !kept.exchange(true, ordering: .relaxed) else { return }
        // The next process has to know.
        if environment.state != nil { change { _ in } }
    }

    /// When somebody used it last, by the clock on the wall, in milliseconds since 1970.
    var usedAt: Int64 {
        let unused = environment.clock.uptime().milliseconds - lastUse.load(ordering: .relaxed)
        return environment.clock.now.milliseconds - max(0, unused)
    }

    /// Whether nobody has used it since some uptime.
    func isUnused(since uptime: Duration) -> Bool {
        guard lastUse.load(ordering: .relaxed) <= uptime.milliseconds else { return false }
        // Whoever waits here uses it for as long as they wait.
        return readers.isEmpty && !isTraced && state.withLock { $0.waiters.isEmpty }
    }
}

extension Session.State {
    /// What journal and messages have grown by since this was asked last.
    mutating func takeGrowth() -> Int {
        let growth = record.keptBytes - countedBytes
        countedBytes += growth
        return growth
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}
