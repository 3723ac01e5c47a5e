extension NotificationFlow {
    /// Whether the session outlives the loss: a first sign-in has somebody who waits for its outcome and decides himself.
    mutating func mayComeBack(after reason: SessionEnd) -> Bool {
        guard hasBeenOnline, !reason.isFinal else { return false }
        if case .leaving = phase { return false }
        guard case .refused(let code, _) = reason, ErrorCatalogue.entry(for: code) == nil else { return true }
        // What nobody has ever heard of may pass, and is believed at the third time (protocol.md 17.2).
        unknownRefusals += 1
        return unknownRefusals < Self.mostUnknownRefusals
    }

    /// Attempts that a code without a meaning is given.
    static let mostUnknownRefusals = 3

    /// Begins the wait before the next attempt.
    mutating func wait(after reason: SessionEnd) -> [FlowAction] {
        let delay = timeouts.backoff.delay(failures: failures, chance: chance())
        failures += 1
        isFresh = false
        // Anything but another close right away breaks the row: a server in trouble is no second client.
        if reason != .connectionLost { displacements = 0 }
        phase = .waiting
        return [.emit(.reconnecting(reason, after: delay)), .start(.reconnect, delay)]
    }

    /// The wait is over: from the dispatch server on, as at the first time.
    mutating func retry() -> [FlowAction] {
        visited = []
        restarts = 0
        restartedAtDispatch = false
        earlyPresence = []
        return connect(to: dispatch)
    }

    /// The server closed without a word.
    mutating func closedWhileOnline() -> [FlowAction] {
        if isFresh {
            displacements += 1
            // Whoever signs in while we are signed in displaces us; coming back once more would be a fight.
            if displacements >= 2 { return end(.signedInElsewhere) }
        } else {
            displacements = 0
        }
        guard awaitsPong, !heardSincePing, !keepaliveTraits.contains(.answersPing) else { return end(.connectionLost) }
        return [.learn(.closesOnPing)] + end(.connectionLost)
    }

    /// The first `CHG` of a connection is echoed: online, and others may sign in.
    mutating func arrive(_ presence: Presence) -> [FlowAction] {
        let isReturn = hasBeenOnline
        let moved = enter(.online)
        hasBeenOnline = true
        isFresh = true
        unknownRefusals = 0
        return returnTurn() + [.emit(.ownPresence(presence, forced: false))] + moved
            + (isReturn ? [.start(.presenceSettling, timeouts.presenceSettling)] : [])
            + [
                .start(.keepalive, timeouts.keepalive), .start(.stability, timeouts.stability),
                .start(.displacement, timeouts.displacement), .start(.recovery, timeouts.recovery),
            ] + (isReturn ? restoreName() : [])
    }

    /// Takes the name that the person chose to a server that has forgotten it.
    private mutating func restoreName() -> [FlowAction] {
        guard let givenName, identity.name != givenName.confirmed, identity.verified != false else { return [] }
        let transaction = counter.next()
        pending[transaction] = .restoredName
        return [
            .send(.rename(transaction, ListMember(handle: handle, name: givenName.asked.text))),
            .start(.request(transaction), timeouts.request),
        ]
    }

    /// Takes note of a list version that the server has told.
    ///
    /// One step at a time we have seen every change. Any other step means that something passed us by, and the next
    /// sign-in asks for everything (protocol.md 4.4).
    mutating func note(version: UInt32) {
        guard knownVersion != 0, version != knownVersion else { return }
        if version == knownVersion &+ 1 { knownVersion = version } else { distrustVersion() }
    }

    /// An edit may or may not have happened: the next sign-in asks for everything.
    mutating func distrustVersion() { knownVersion = 0 }
}
