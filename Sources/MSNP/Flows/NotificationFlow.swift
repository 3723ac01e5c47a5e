/// A session with a notification server as a value: what happened goes in, what to do comes out.
///
/// It spans connections: dispatch servers and moves refer it from one to the next, and each begins with a sign-in of
/// its own. Whoever runs it carries the actions out in order, keeps the timers, and reports everything that the
/// connection does. After `emit(.ended)` and `close` nothing more comes.
package struct NotificationFlow: Sendable {
    enum Phase: Sendable {
        case idle
        case connecting
        case signingIn(SignIn)
        case synchronizing(Synchronization)
        /// The first `CHG` of the connection is under way.
        case announcing(TransactionID)
        case online
        /// `OUT` was sent.
        case leaving
        case ended
    }

    /// What a pending request will be answered with.
    enum Pending: Equatable, Sendable {
        case request(RequestID, SessionRequest)
        /// Our answer to a challenge, which some servers swallow.
        case challengeAnswer
    }

    let dispatch: ServerAddress
    let offer: SignInOffer
    let timeouts: FlowTimeouts
    let keepalive: KeepaliveMode
    /// Lower-case hexadecimal MD5 of a text, for challenges.
    let digest: @Sendable (String) -> String

    var phase = Phase.idle
    var counter = TransactionCounter()
    var pending: [TransactionID: Pending] = [:]
    /// Where referrals have led since the dispatch server was last asked.
    var visited: [ServerAddress] = []
    /// Whether the dispatch server was asked again after a 931, which is done once.
    var restartedAtDispatch = false
    /// Whether this session has been online before, on another connection.
    var hasBeenOnline = false
    /// Whether anything on this connection made sense, or failed to.
    var sawSense = false
    var sawNonsense = false
    /// A `PNG` is unanswered.
    var awaitsPong = false
    /// Something has come since it was sent.
    var heardSincePing = false
    /// `XFR 0 NS 0` followed since the session was last stable.
    var restarts = 0
    /// Presence that came ahead of the lists, which it needs.
    var earlyPresence: [SessionEvent] = []
    /// The command on which the server closes, should it close now.
    var suspect: String?
    /// Whose phones a trailing `BPR` without a handle is about.
    var lastListed: String?

    /// The status to take on, and to come back with on a new connection.
    package internal(set) var status: Presence
    /// The own handle in the server's spelling, once it has said it.
    package internal(set) var handle: String
    /// What was agreed on.
    package internal(set) var dialect: Dialect?
    /// The list version to offer with `SYN`; 0 for none.
    package var knownVersion: UInt32 = 0
    /// What is known of how the backend takes pings; kept up to date from outside.
    package var keepaliveTraits: Set<KeepaliveTrait> = []
    /// What is known of how it takes commands; kept up to date from outside.
    package var commands = CommandTraits()

    package init(
        dispatch: ServerAddress, offer: SignInOffer, status: Presence,
        keepalive: KeepaliveMode = .auto, timeouts: FlowTimeouts = FlowTimeouts(),
        digest: @escaping @Sendable (String) -> String
    ) {
        self.dispatch = dispatch
        self.offer = offer
        self.status = status
        self.keepalive = keepalive
        self.timeouts = timeouts
        self.digest = digest
        handle = offer.handle
    }

    /// Where the session stands.
    package var state: SessionState {
        switch phase {
        case .idle, .connecting: hasBeenOnline ? .reconnecting : .connecting
        case .signingIn: hasBeenOnline ? .reconnecting : .signingIn
        case .synchronizing, .announcing: hasBeenOnline ? .reconnecting : .synchronizing
        case .online: .online
        case .leaving, .ended: .ended
        }
    }

    /// The first call.
    package mutating func start() -> [FlowAction] {
        guard case .idle = phase else { return [] }
        return connect(to: dispatch)
    }

    /// The connection asked for is up.
    package mutating func connected() -> [FlowAction] {
        guard case .connecting = phase else { return [] }
        counter = TransactionCounter()
        sawSense = false
        sawNonsense = false
        var signIn = SignIn(offer)
        let action = signIn.begin(&counter)
        return enter(.signingIn(signIn)) + carryOut(action, signIn)
    }

    /// The connection asked for could not be made.
    package mutating func connectFailed(_ reason: UnreachableReason) -> [FlowAction] {
        guard case .connecting = phase else { return [] }
        return end(.unreachable(reason))
    }

    /// A whole frame came.
    package mutating func received(_ frame: Frame) -> [FlowAction] {
        let message: ServerMessage
        let acquittal = acquit()
        do {
            message = try ServerMessage(parsing: frame)
        } catch {
            if !sawSense { sawNonsense = true }
            return acquittal + [.emit(.ignored(command: frame.printableCommand))]
        }
        return acquittal + received(message)
    }

    /// The byte stream can't be followed any more.
    package mutating func framingFailed(_ error: FramingError) -> [FlowAction] {
        violated(sawSense ? .framing(error) : .notMSNP)
    }

    /// The server sends more than `FloodMeter` admits.
    package mutating func flooded() -> [FlowAction] { violated(.flood) }

    private mutating func violated(_ violation: ProtocolViolation) -> [FlowAction] {
        switch phase {
        case .idle, .leaving, .ended: []
        case .connecting, .signingIn, .synchronizing, .announcing, .online: end(.protocolError(violation))
        }
    }

    /// The server closed, or the network did.
    package mutating func disconnected() -> [FlowAction] {
        switch phase {
        case .idle, .connecting, .ended: return []
        case .leaving: return end(.signedOut)
        case .signingIn(var signIn):
            if !sawSense, sawNonsense { return end(.protocolError(.notMSNP)) }
            return carryOut(signIn.closed(), signIn)
        case .synchronizing, .announcing: return end(.serverClosed)
        case .online:
            guard awaitsPong, !heardSincePing, !keepaliveTraits.contains(.answersPing) else {
                return end(.connectionLost)
            }
            return [.learn(.keepalive(.closesOnPing))] + end(.connectionLost)
        }
    }

    /// A timer that was started is up.
    package mutating func timerFired(_ timer: FlowTimer) -> [FlowAction] {
        switch (timer, phase) {
        case (.signInStep, .signingIn(var signIn)):
            if !sawSense, sawNonsense { return end(.protocolError(.notMSNP)) }
            return carryOut(signIn.stepTimedOut(), signIn)
        case (.signInStep, .synchronizing): return end(.timedOut(command: "SYN"))
        case (.signInStep, .announcing): return end(.timedOut(command: "CHG"))
        case (.doubtfulRefusal, .signingIn(var signIn)): return carryOut(signIn.doubtIsOver(), signIn)
        case (.synchronization, .synchronizing(let synchronization)):
            return synchronized(with: synchronization.giveUpWaiting())
        case (.presenceSettling, .online): return [.emit(.presenceSettled)]
        case (.request(let transaction), _): return timeOut(transaction)
        case (.suspicion, _): return acquit()
        case (.keepalive, .online): return ping()
        case (.pong, .online): return pongOverdue()
        case (.stability, .online):
            visited = []
            restarts = 0
            restartedAtDispatch = false
            return []
        case (.goodbye, .leaving): return end(.signedOut)
        case (.signInStep, _), (.doubtfulRefusal, _), (.synchronization, _), (.presenceSettling, _),
            (.keepalive, _), (.pong, _), (.stability, _), (.goodbye, _):
            return []
        }
    }

    /// Says `OUT` where there is somebody to say it to, and ends the session.
    package mutating func signOut() -> [FlowAction] {
        switch phase {
        case .idle, .connecting: return end(.signedOut)
        case .signingIn, .synchronizing, .announcing, .online:
            let failures = failPending(.interrupted)
            phase = .leaving
            return failures + [.cancel(.keepalive), .send(.signOut), .start(.goodbye, timeouts.goodbye)]
        case .leaving, .ended: return []
        }
    }

    // MARK: - Steps shared by the inputs

    mutating func enter(_ next: Phase) -> [FlowAction] {
        let before = state
        phase = next
        return state == before || state == .ended ? [] : [.emit(.state(state))]
    }

    mutating func connect(to address: ServerAddress) -> [FlowAction] {
        visited.append(address)
        // A first connection has no state before it that differs.
        let announcement: [FlowAction]
        if case .idle = phase {
            phase = .connecting
            announcement = [.emit(.state(.connecting))]
        } else {
            announcement = enter(.connecting)
        }
        return announcement + [.connect(address)]
    }

    /// Follows a referral, unless referrals go round in circles.
    mutating func refer(to address: ServerAddress) -> [FlowAction] {
        // Twice is no loop yet: a server that is dispatch and notification server at once may name itself.
        guard visited.count <= WireLimits.referrals, visited.count(where: { $0 == address }) < 2 else {
            return end(.protocolError(.referralLoop))
        }
        earlyPresence = []
        return failPending(.interrupted) + cancelTimers() + connect(to: address)
    }

    mutating func carryOut(_ action: SignIn.Action, _ signIn: SignIn) -> [FlowAction] {
        phase = .signingIn(signIn)
        switch action {
        case .wait: return []
        case .send(let message): return [.send(message), .start(.signInStep, timeouts.signInStep)]
        case .doubt: return [.cancel(.signInStep), .start(.doubtfulRefusal, timeouts.doubtfulRefusal)]
        case .connect(let address): return refer(to: address)
        case .accepted(let handle, let displayName, let verified):
            self.handle = handle
            dialect = signIn.dialect
            let transaction = counter.next()
            let identity = SessionEvent.signedIn(
                handle: handle, displayName: DisplayText.sanitized(displayName), verified: verified)
            return [.cancel(.doubtfulRefusal)]
                + (signIn.dialect.map { [.emit(.negotiated($0))] } ?? [])
                + [.emit(identity)]
                + enter(.synchronizing(Synchronization(transaction: transaction, knownVersion: knownVersion)))
                + [
                    .send(.synchronize(transaction, version: knownVersion)),
                    .start(.signInStep, timeouts.signInStep),
                ]
        case .failed(.refused(931, _)) where !restartedAtDispatch:
            // "Account not on this server": what we know of where it lives is old (protocol.md 2.5).
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
        let transaction = counter.next()
        phase = .announcing(transaction)
        return [.cancel(.synchronization), .emit(.synchronized(lists))]
            + early.map(FlowAction.emit)
            + [.send(.setPresence(transaction, status)), .start(.signInStep, timeouts.signInStep)]
    }

    mutating func end(_ reason: SessionEnd) -> [FlowAction] {
        let failures = failPending(.interrupted)
        let timers = cancelTimers()
        phase = .ended
        return failures + timers + [.emit(.ended(reason)), .close]
    }

    func cancelTimers() -> [FlowAction] {
        [
            .signInStep, .doubtfulRefusal, .synchronization, .presenceSettling, .suspicion, .keepalive, .pong,
            .stability, .goodbye,
        ]
        .map(FlowAction.cancel)
    }

    mutating func failPending(_ failure: RequestFailure) -> [FlowAction] {
        defer { pending = [:] }
        return pending.sorted { $0.key.rawValue < $1.key.rawValue }.flatMap { transaction, pending -> [FlowAction] in
            switch pending {
            case .request(let id, _): [.cancel(.request(transaction)), .complete(id, .failure(failure))]
            case .challengeAnswer: [.cancel(.request(transaction))]
            }
        }
    }

    private mutating func ping() -> [FlowAction] {
        guard !commands.forbidden.contains(OptionalCommand.ping.rawValue) else { return [] }
        switch keepalive {
        case .none: return []
        case .auto where !keepaliveTraits.isDisjoint(with: [.closesOnPing, .ignoresPing]): return []
        case .auto, .ping:
            awaitsPong = true
            heardSincePing = false
            return [
                .send(.ping), .start(.keepalive, timeouts.keepalive), .start(.pong, timeouts.pong),
            ]
        }
    }

    /// Silence after a ping is death only where pings are known to be answered (design: section 5).
    private mutating func pongOverdue() -> [FlowAction] {
        awaitsPong = false
        if keepaliveTraits.contains(.answersPing) { return end(.connectionLost) }
        // It lives and does not care for pings.
        return heardSincePing ? [.learn(.keepalive(.ignoresPing))] : []
    }
}
