import ByteText

extension NotificationFlow {
    /// Attempts after refusals with a code that no document explains (docs/protocol.md#error-table).
    static let mostUnknownRefusals = 3
    /// So many unexplained closes right after going online are no coincidence.
    static let mostBareCloses = 2

    /// Whether the session survives the loss, which is counted here.
    ///
    /// A first sign-in does not: a person waits for its outcome and decides.
    mutating func comesBack(after reason: SessionEnd) -> Bool {
        unknownRefusals = reason.isUnknownRefusal ? unknownRefusals + 1 : 0
        if case .leaving = phase { return false }
        return hasBeenOnline && !reason.isFinal && unknownRefusals < Self.mostUnknownRefusals
    }

    /// Begins the wait before the next attempt.
    mutating func wait(after reason: SessionEnd) -> [FlowAction] {
        let delay: Duration
        if reason == .unstable {
            delay = timeouts.instability.delay(failures: instabilities, chance: 1)
            instabilities += 1
        } else {
            delay = timeouts.backoff.delay(failures: failures, chance: chance())
            // Whoever asks for attempts does not make the waits between the others longer.
            if !isHurried { failures += 1 }
        }
        isHurried = false
        isFresh = false
        // Any other loss breaks the row: the server is in trouble, which is another matter.
        if reason != .connectionLost, reason != .unstable {
            bareCloses = 0
            lastClose = .explained
        }
        phase = .waiting
        return [.emit(.reconnecting(reason, after: delay)), .start(.reconnect, delay)]
    }

    /// Somebody does not want to wait for the next attempt: it begins now, or as soon as the last one is
    /// `FlowTimeouts.attemptSpacing` old.
    ///
    /// An attempt that is under way is the one that was asked for.
    package mutating func hurry() -> [FlowAction] {
        guard case .waiting = phase, !isHurried else { return [] }
        isHurried = true
        return [.emit(.hurried)] + (hasJustTried ? [] : [.cancel(.reconnect)] + retry())
    }

    /// The last attempt is `FlowTimeouts.attemptSpacing` old.
    mutating func attemptIsPast() -> [FlowAction] {
        hasJustTried = false
        guard case .waiting = phase, isHurried else { return [] }
        return [.cancel(.reconnect)] + retry()
    }

    /// The wait is over: begin at the dispatch server, as at the first time.
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
            // The server closes on pings, so the close says nothing of other clients.
            bareCloses = 0
            lastClose = .explained
            return [.learn(.keepalive(.closesOnPing))] + end(.connectionLost)
        }
        guard isFresh, isBareClose else {
            bareCloses = 0
            lastClose = .explained
            return end(.connectionLost)
        }
        isBareClose = false
        bareCloses += 1
        let isRow = bareCloses >= Self.mostBareCloses
        // The operator says that this means displacement: reconnecting would be a fight.
        if isRow, displacesSilently { return end(.signedInElsewhere) }
        let isUnstable = isRow || instabilities > 0
        lastClose = isUnstable ? .unstable : .bare
        return end(isUnstable ? .unstable : .connectionLost)
    }

    /// Other sessions with the backend lost their connections at about the same time as this one: the backend has
    /// closed, and not this session.
    package mutating func othersWereLost() -> [FlowAction] {
        let close = lastClose
        lastClose = .explained
        guard close != .explained else { return [] }
        bareCloses = 0
        guard close == .unstable else { return [] }
        instabilities -= 1
        // Whom somebody hurries waits for no wait.
        guard case .waiting = phase, !isHurried else { return [] }
        return wait(after: .connectionLost)
    }

    /// The server has echoed the first `CHG` of a connection: the session is online, and another may sign in.
    mutating func arrive(_ presence: Presence) -> [FlowAction] {
        let isReturn = hasBeenOnline
        let moved = enter(.online)
        hasBeenOnline = true
        isHurried = false
        visited = []
        isFresh = true
        sawRefusal = false
        unknownRefusals = 0
        heardAnnouncement = false
        return returnTurn() + [.emit(.ownPresence(presence, forced: false))] + moved
            + [
                .start(.presenceSettling, isReturn ? timeouts.presenceSettling : timeouts.presenceSilence),
                .start(.keepalive, timeouts.keepalive), .start(.stability, timeouts.stability),
                .start(.displacement, timeouts.displacement), .start(.recovery, timeouts.backoff.reset),
                .start(.steadiness, timeouts.instability.reset),
            ] + (isReturn ? restoreName() : [])
    }

    /// The time is up in which a server has named who is there; after a first sign-in it is silence that counts.
    mutating func presenceSettled() -> [FlowAction] {
        // The next look finds out; so an `ILN` doesn't cost a timer.
        if firstAnnouncement != nil, heardAnnouncement {
            heardAnnouncement = false
            return [.start(.presenceSettling, timeouts.presenceSilence)]
        }
        return [.emit(.presenceSettled)]
    }

    /// Sends the person's chosen name to a server that has forgotten it.
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
    /// Whether the server refused with a code that no source names.
    fileprivate var isUnknownRefusal: Bool {
        guard case .refused(let code, _) = self else { return false }
        return code.rawValue >= 500 && ErrorCatalogue.entry(for: code) == nil
    }
}
