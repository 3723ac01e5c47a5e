import Locking

extension SessionRegistry {
    /// The session with that ID, whoever's it is.
    func session(_ id: String) -> Session? {
        let now = clock.uptime()
        return state.withLock { state in
            state.forgetExpired(now: now)
            return state.sessions[id]
        }
    }

    /// All sessions of a key that can be read, or everybody's where no owner is given.
    func sessions(of owner: Owner?) -> [Session] {
        let now = clock.uptime()
        return state.withLock { state in
            state.forgetExpired(now: now)
            guard let owner else { return Array(state.sessions.values) }
            return state.owned[owner].map { Array($0.values) } ?? []
        }
    }

    /// Begins to sign out all sessions of keys that are not among these.
    func signOut(exceptOf owners: Set<Owner>) {
        let sessions = state.withLock { state in
            state.owned.filter { !owners.contains($0.key) }.values.flatMap(\.values).filter { !$0.hasEnded }
        }
        for session in sessions {
            leaveLater(session)
            session.end(.signedOut)
        }
    }
}
