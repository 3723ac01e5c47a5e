import ByteText

extension NotificationFlow {
    /// Attempts that a code without a meaning is given (protocol.md 17.2).
    static let mostUnknownRefusals = 3
    /// Closes right after going online that show a second client at work: one may be chance.
    static let mostDisplacements = 2

    /// Whether the session outlives the loss, which is counted here.
    ///
    /// A first sign-in does not: somebody waits for its outcome and decides himself.
    mutating func comesBack(after reason: SessionEnd) -> Bool {
        unknownRefusals = reason.isUnknownRefusal ? unknownRefusals + 1 : 0
        if case .leaving = phase { return false }
        return hasBeenOnline && !reason.isFinal && unknownRefusals < Self.mostUnknownRefusals
    }

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
        moves = 0
        restarts = 0
        restartedAtDispatch = false
        earlyPresence = []
        return connect(to: dispatch)
    }

    /// The server closed without a word.
    mutating func closedWhileOnline() -> [FlowAction] {
        if awaitsPong, !heardSincePing, !keepaliveTraits.contains(.answersPing) {
            // It punishes pings, which says nothing of other clients.
            displacements = 0
            return [.learn(.keepalive(.closesOnPing))] + end(.connectionLost)
        }
        displacements = isFresh ? displacements + 1 : 0
        // Whoever signs in while we are signed in displaces us; coming back once more would be a fight.
        return end(displacements < Self.mostDisplacements ? .connectionLost : .signedInElsewhere)
    }

    /// The first `CHG` of a connection is echoed: online, and others may sign in.
    mutating func arrive(_ presence: Presence) -> [FlowAction] {
        let isReturn = hasBeenOnline
        let moved = enter(.online)
        hasBeenOnline = true
        visited = []
        isFresh = true
        unknownRefusals = 0
        return returnTurn() + [.emit(.ownPresence(presence, forced: false))] + moved
            + (isReturn ? [.start(.presenceSettling, timeouts.presenceSettling)] : [])
            + [
                .start(.keepalive, timeouts.keepalive), .start(.stability, timeouts.stability),
                .start(.displacement, timeouts.displacement), .start(.recovery, timeouts.backoff.reset),
            ] + (isReturn ? restoreName() : [])
    }

    /// Takes the name that the person chose to a server that has forgotten it.
    private mutating func restoreName() -> [FlowAction] {
        guard let givenName, !ASCII.equals(identity.name, givenName.confirmed), identity.verified != false else {
            return []
        }
        let transaction = counter.next()
        pending[transaction] = .restoredName
        return [
            .send(.rename(transaction, ListMember(handle: handle, name: givenName.asked.text))),
            .start(.request(transaction), timeouts.request),
        ]
    }
}

extension SessionEnd {
    /// A refusal of the server's with a code that no source names.
    fileprivate var isUnknownRefusal: Bool {
        guard case .refused(let code, _) = self else { return false }
        return code.rawValue >= 500 && ErrorCatalogue.entry(for: code) == nil
    }
}
