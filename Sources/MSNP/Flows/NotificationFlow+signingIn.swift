import ByteText

extension NotificationFlow {
    mutating func carryOut(_ action: SignIn.Action, _ signIn: SignIn) -> [FlowAction] {
        phase = .signingIn(signIn)
        switch action {
        case .wait: return []
        case .send(let command): return [.send(command), .start(.signInStep, timeouts.signInStep)]
        case .doubt: return [.cancel(.signInStep), .start(.doubtfulRefusal, timeouts.doubtfulRefusal)]
        case .connect(let address): return refer(to: address)
        case .accepted(let handle, let displayName, let verified):
            // Mostly it was typed so, and one text will do.
            if !ASCII.equals(handle, self.handle) { self.handle = handle }
            identity = (DisplayText.sanitized(displayName), verified)
            dialect = signIn.dialect
            let transaction = counter.next()
            // The lists of a connection before may have stopped in their midst, and the first line of these is the first.
            listsGoOn = []
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
        listsGoOn = []
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

extension NotificationFlow {
    /// Records a list version that the server has sent with a change.
    ///
    /// A step of one means that we have seen every change. Any other step means that we have missed one, and the next
    /// sign-in asks for everything (docs/protocol.md#list-version).
    mutating func note(version: UInt32) {
        guard knownVersion != 0, version != knownVersion else { return }
        if version == knownVersion &+ 1 { knownVersion = version } else { distrustVersion() }
    }

    /// Records the outcome of a request: the error, or nil for no outcome that we know of.
    ///
    /// An edit without an outcome may have happened or not. An edit that the server finds done, or impossible, shows
    /// that our lists differ from its own.
    mutating func noteOutcome(of request: SessionRequest, _ refusal: ErrorCode?) {
        if refusal == nil { settings.forget(request) }
        guard request.changesLists else { return }
        if let refusal, !Self.contradictions.contains(refusal), request.settled(by: refusal) == nil { return }
        distrustVersion()
    }

    /// The next sign-in asks for everything.
    mutating func distrustVersion() { knownVersion = 0 }

    /// On a list already, not on it, already in the opposite mode, on the opposite list (docs/protocol.md#error-table).
    private static let contradictions: Set<ErrorCode> = [215, 216, 218, 219]
}
