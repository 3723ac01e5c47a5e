/// A session with a notification server as a value: what happened goes in, what to do comes out.
///
/// It spans connections: dispatch servers and moves refer it from one to the next, and each begins with a sign-in of
/// its own. The caller carries the actions out in order, keeps the timers, and reports everything that the connection
/// does. After `emit(.ended)` and `close` nothing more comes.
package struct NotificationFlow: Sendable {
    enum Phase: Sendable {
        case idle
        /// Waits for its turn to connect to that server.
        case queued(ServerAddress)
        case connecting
        case signingIn(SignIn)
        case synchronizing(Synchronization)
        /// The first `CHG` of the connection is under way.
        case announcing(TransactionID)
        case online
        /// Disconnected, until it is time to try again.
        case waiting
        /// `OUT` was sent.
        case leaving
        case ended
    }

    /// What a pending command was sent for.
    enum Pending: Equatable, Sendable {
        case request(RequestID, SessionRequest)
        /// Our answer to a challenge; some servers don't acknowledge it.
        case challengeAnswer
        /// The person's chosen name, sent again on a new connection.
        case restoredName

        /// The command that waits.
        var command: String {
            switch self {
            case .request(_, let request): request.command
            case .challengeAnswer: "QRY"
            case .restoredName: "REA"
            }
        }
    }

    /// How a close while online was counted.
    enum Close: Sendable {
        /// It had a cause other than this session, or came late.
        case explained
        /// As one of a row of unexplained closes.
        case bare
        /// As one more close of an unstable session.
        case unstable
    }

    let dispatch: ServerAddress
    let offer: SignInOffer
    private let sharedTimeouts: Shared<FlowTimeouts>
    let keepalive: KeepaliveMode
    /// Lower-case hexadecimal MD5 of a text, for challenges.
    let digest: @Sendable (String) -> String
    /// Uniformly from 0 up to 1, anew with each call.
    let chance: @Sendable () -> Double
    /// Whether `SYN` may offer the version that we know, which spares the lists.
    let keepsListVersions: Bool
    /// Whether the backend closes a session without a word when its account signs in elsewhere.
    let displacesSilently: Bool

    var phase = Phase.idle
    var counter = TransactionCounter()
    var pending: [TransactionID: Pending] = [:]
    /// The servers that referrals have led to since the dispatch server was last asked, or the session last online.
    var visited: [ServerAddress] = []
    /// Referrals that the session followed while online, since it was last stable.
    var moves = 0
    /// Whether the dispatch server was asked again after a 931, which is done once.
    var restartedAtDispatch = false
    /// Whether this session has been online before, on another connection.
    var hasBeenOnline = false
    /// Another server has sent us to the server of this connection, which has not answered `VER` yet.
    ///
    /// The server that refers us chooses the address, so nobody may learn what answered there (`unusableReferral`).
    var isUnprovenReferral = false
    /// Whether any command on this connection could be read, or any could not.
    var sawSense = false
    var sawNonsense = false
    /// A `PNG` is unanswered.
    var awaitsPong = false
    /// The server has sent something since.
    var heardSincePing = false
    /// `XFR 0 NS 0` followed since the session was last stable.
    var restarts = 0
    /// The `CHG` of the session's first connection: what answers it is who was there before us.
    var firstAnnouncement: TransactionID?
    /// An `ILN` came since the silence began that is to show that there are no more.
    var heardAnnouncement = false
    /// Presence that came ahead of the lists, which it needs.
    var earlyPresence: [SessionEvent] = []
    /// We have one of the backend's turns to sign in, or wait for one.
    var hasTurn = false
    /// Failed attempts since the session was last online for `Backoff.reset`.
    var failures = 0
    /// Somebody does not want to wait for the attempt that comes next, or is under way.
    var isHurried = false
    /// The last attempt is younger than `FlowTimeouts.attemptSpacing`.
    var hasJustTried = false
    /// Refusals in a row with codes that no source names.
    var unknownRefusals = 0
    /// Online for less than `FlowTimeouts.displacement`.
    var isFresh = false
    /// The server has answered a command with an error since the session went online.
    var sawRefusal = false
    /// The current close has no known cause.
    var isBareClose = false
    /// How the last close while online was counted.
    var lastClose = Close.explained
    /// Unexplained closes in a row that came while the session was fresh.
    var bareCloses = 0
    /// How often it counted as unstable since it was last online for `FlowTimeouts.instability`.
    var instabilities = 0
    /// What the server has said of the account's own settings.
    var settings = SettingsInForce()
    /// The name that the person chose, and how the server confirmed it.
    var givenName: (asked: DisplayName, confirmed: String)?
    /// The name and the verified bit of the last `USR OK`.
    var identity: (name: String, verified: Bool?) = ("", nil)
    /// The command to which a close at this moment would be the answer.
    var watchedCommand: String?
    /// The results so far of the searches under way.
    var searches: [TransactionID: DirectorySearch] = [:]
    /// Pages whose failure may still be told.
    var sentPages = SentPages()
    /// What follows from each list line but the first: made once, as there are hundreds of them.
    var listsGoOn: [FlowAction] = []
    /// The contact whose phones a trailing `BPR` without a handle gives.
    var lastListed: String?

    /// The status to take on, and to come back with on a new connection.
    package internal(set) var status: Presence
    /// The own handle in the server's spelling, once it has said it.
    package internal(set) var handle: String
    /// The dialect that was agreed on.
    package internal(set) var dialect: Dialect?
    /// The list version to offer with `SYN`; 0 for none.
    package var knownVersion: UInt32 = 0
    /// What the backend is known to do on pings; kept up to date from outside.
    package var keepaliveTraits: Set<KeepaliveTrait> = []
    /// Which commands the backend is known to support; kept up to date from outside.
    package var commands = CommandTraits()

    package init(
        dispatch: ServerAddress, offer: SignInOffer, status: Presence,
        keepalive: KeepaliveMode = .auto, timeouts: Shared<FlowTimeouts> = Shared(FlowTimeouts()),
        keepsListVersions: Bool = true, displacesSilently: Bool = false,
        chance: @escaping @Sendable () -> Double, digest: @escaping @Sendable (String) -> String
    ) {
        self.dispatch = dispatch
        self.offer = offer
        self.status = status
        self.keepalive = keepalive
        sharedTimeouts = timeouts
        self.keepsListVersions = keepsListVersions
        self.displacesSilently = displacesSilently
        self.chance = chance
        self.digest = digest
        handle = offer.handle
    }

    var timeouts: FlowTimeouts { sharedTimeouts.value }

    /// Where the session stands.
    package var state: SessionState {
        switch phase {
        case .idle, .queued, .connecting: hasBeenOnline ? .reconnecting : .connecting
        case .signingIn: hasBeenOnline ? .reconnecting : .signingIn
        case .synchronizing, .announcing: hasBeenOnline ? .reconnecting : .synchronizing
        case .online: .online
        case .waiting: .reconnecting
        case .leaving, .ended: .ended
        }
    }

    /// The first call.
    package mutating func start() -> [FlowAction] {
        guard case .idle = phase else { return [] }
        return connect(to: dispatch)
    }

    /// The first call for a session that was online in another process: it signs in as one that has lost its connection.
    package mutating func comeBack() -> [FlowAction] {
        guard case .idle = phase else { return [] }
        hasBeenOnline = true
        phase = .waiting
        return connect(to: dispatch)
    }

    /// The turn that was asked for has come.
    package mutating func turnGranted() -> [FlowAction] {
        guard case .queued(let address) = phase else { return [] }
        phase = .connecting
        guard hasBeenOnline else { return [.connect(address)] }
        hasJustTried = true
        return [.start(.attemptSpacing, timeouts.attemptSpacing), .connect(address)]
    }

    /// The connection asked for is up.
    package mutating func connected() -> [FlowAction] {
        guard case .connecting = phase else { return [] }
        counter = TransactionCounter()
        firstAnnouncement = nil
        sentPages.beginConnection()
        settings.beginConnection()
        sawSense = false
        sawNonsense = false
        awaitsPong = false
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
        let command: ServerCommand
        let stopped = stopWatchingForClose()
        do {
            command = try ServerCommand(parsing: frame)
        } catch {
            if !sawSense { sawNonsense = true }
            if case .tooLong = error {
                return stopped + [.dropped(command: frame.printableCommand)] + handleUnreadable(frame)
            }
            return stopped + [.emit(.ignored(command: frame.printableCommand))] + handleUnreadable(frame)
        }
        return stopped.followed(by: received(command))
    }

    /// The byte stream can't be followed any more.
    package mutating func framingFailed(_ error: FramingError) -> [FlowAction] {
        violated(sawSense ? .framing(error) : .notMSNP)
    }

    /// The server sends more than `FloodMeter` admits.
    package mutating func flooded() -> [FlowAction] { violated(.flood) }

    private mutating func violated(_ violation: ProtocolViolation) -> [FlowAction] {
        switch phase {
        case .idle, .queued, .waiting, .leaving, .ended: []
        case .connecting, .signingIn, .synchronizing, .announcing, .online: end(.protocolError(violation))
        }
    }

    /// The server closed, or the network did.
    package mutating func disconnected() -> [FlowAction] {
        switch phase {
        case .idle, .queued, .connecting, .waiting, .ended: return []
        case .leaving: return end(.signedOut)
        case .signingIn(var signIn):
            if !sawSense, sawNonsense { return end(.protocolError(.notMSNP)) }
            return carryOut(signIn.closed(), signIn)
        case .synchronizing, .announcing: return end(.serverClosed)
        case .online: return closedWhileOnline()
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
        case (.presenceSettling, .online): return presenceSettled()
        case (.request(let transaction), _): return timeOut(transaction)
        case (.closeWatch, _): return stopWatchingForClose()
        case (.keepalive, .online): return ping()
        case (.pong, .online): return pongOverdue()
        case (.stability, .online):
            moves = 0
            restarts = 0
            restartedAtDispatch = false
            return []
        case (.reconnect, .waiting): return retry()
        case (.attemptSpacing, _): return attemptIsPast()
        case (.displacement, .online):
            isFresh = false
            bareCloses = 0
            return []
        case (.recovery, .online):
            failures = 0
            return []
        case (.steadiness, .online):
            instabilities = 0
            return []
        case (.goodbye, .leaving): return end(.signedOut)
        case (.signInStep, _), (.doubtfulRefusal, _), (.synchronization, _), (.presenceSettling, _),
            (.keepalive, _), (.pong, _), (.stability, _), (.reconnect, _), (.displacement, _), (.recovery, _),
            (.steadiness, _), (.goodbye, _):
            return []
        }
    }

    /// Says `OUT` where there is somebody to say it to, and ends the session.
    package mutating func signOut() -> [FlowAction] {
        switch phase {
        case .idle, .queued, .connecting, .waiting: return end(.signedOut)
        case .signingIn, .synchronizing, .announcing, .online:
            let failures = failPending(.interrupted)
            phase = .leaving
            return failures + [.cancel(.keepalive), .send(.signOut), .start(.goodbye, timeouts.goodbye)]
        case .leaving, .ended: return []
        }
    }
}
