import Locking
import MSNPClient

/// What is done for all sessions together, beside their callers.
extension SessionRegistry {
    /// How often sessions are looked after; what is over is not found in between either.
    private static let sweepInterval: Duration = .seconds(10)

    /// Has sessions looked after for as long as there are any whose time can be over.
    func scheduleSweep() {
        let limits = limits
        let isNeeded = state.withLock { state in
            let canExpire = limits.idleTimeout > 0 && !state.livePerNetwork.isEmpty
            guard !state.isSweepScheduled, canExpire || !state.deadlines.isEmpty, !state.isClosed else { return false }
            state.isSweepScheduled = true
            return true
        }
        guard isNeeded else { return }
        runtime.household.after(Self.sweepInterval) { [weak self] in
            guard let self else { return }
            state.withLock { $0.isSweepScheduled = false }
            sweep()
            scheduleSweep()
        }
    }

    /// Forgets ended sessions whose time is over, and signs out those without a key that nobody uses.
    func sweep() {
        let now = clock.uptime()
        let limits = limits
        let candidates: [Session] = state.withLock { state in
            state.forgetExpired(now: now)
            guard limits.idleTimeout > 0, !state.livePerNetwork.isEmpty else { return [] }
            return state.live.values.filter { $0.owner == .anonymous }
        }
        for session in candidates {
            let patience = session.isKept ? max(limits.idleTimeout, limits.keptIdleTimeout) : limits.idleTimeout
            if session.isUnused(since: now - .seconds(patience)) { signOut(session, .expired) }
        }
    }

    /// Has the oldest events of all sessions dropped, on a thread that nobody waits for.
    func trimJournals() {
        let sessions = state.withLock { Array($0.sessions.values) }
        Task { [journals] in journals.trim(sessions) }
    }
}
