extension NotificationFlow {
    mutating func carryOut(_ action: SignIn.Action, _ signIn: SignIn) -> [FlowAction] {
        phase = .signingIn(signIn)
        switch action {
        case .wait: return []
        case .send(let command): return [.send(command), .start(.signInStep, timeouts.signInStep)]
        case .doubt: return [.cancel(.signInStep), .start(.doubtfulRefusal, timeouts.doubtfulRefusal)]
        case .connect(let address): return refer(to: address)
        case .accepted(let handle, let displayName, let verified):
            self.handle = handle
            identity = (DisplayText.sanitized(displayName), verified)
            dialect = signIn.dialect
            let transaction = counter.next()
            let signedIn = SessionEvent.signedIn(handle: handle, displayName: identity.name, verified: verified)
            return [.cancel(.doubtfulRefusal)]
                + (signIn.dialect.map { [.emit(.negotiated($0))] } ?? [])
                + [.emit(signedIn)]
                + enter(.synchronizing(Synchronization(transaction: transaction, knownVersion: knownVersion)))
                + [
                    .send(.synchronize(transaction, version: knownVersion)),
                    .start(.signInStep, timeouts.signInStep),
                ]
        case .failed(.refused(931, _)) where !restartedAtDispatch:
            // "Account not on this server": our knowledge of where it lives is out of date (docs/protocol.md#refusals).
            restartedAtDispatch = true
            visited = []
            return cancelTimers() + connect(to: dispatch)
        case .failed(let reason): return end(reason)
        }
    }

    /// The lists are there, or as much of them as will come.
    mutating func synchronized(with lists: SynchronizedLists?) -> [FlowAction] {
        if case .synchronizing(let synchronization) = phase { lastListed = synchronization.lastListed }
        let early = earlyPresence
        earlyPresence = []
        // Partial lists must not be taken as unchanged, whatever version the server is at
        // (docs/protocol.md#synchronization-end).
        if let lists { knownVersion = keepsListVersions && !lists.isPartial ? lists.version : 0 }
        let transaction = counter.next()
        phase = .announcing(transaction)
        firstAnnouncement = hasBeenOnline ? nil : transaction
        return [.cancel(.synchronization), .emit(.synchronized(lists))]
            + early.map(FlowAction.emit)
            + [.send(.setPresence(transaction, status)), .start(.signInStep, timeouts.signInStep)]
    }
}
