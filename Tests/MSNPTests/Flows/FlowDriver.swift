import Digests
import Encodings
import MSNP
import Testing

/// Runs a `NotificationFlow` through a conversation written as in docs/protocol.md: `C:` is what the flow must send next,
/// `S:` is fed to it, `|` and `>` are payload lines, `*` is a remark.
struct FlowDriver {
    var flow: NotificationFlow
    private(set) var events: [SessionEvent] = []
    private(set) var rings: [Ring] = []
    /// Commands whose line was dropped.
    private(set) var dropped: [String] = []
    private(set) var connections: [ServerAddress] = []
    private(set) var timers: [FlowTimer: Duration] = [:]
    private(set) var completions: [RequestID: Result<RequestReply, RequestFailure>] = [:]
    private(set) var lessons: [KeepaliveTrait] = []
    private(set) var commandLessons: [BackendTrait] = []
    private(set) var isClosed = false
    /// Whether there is a connection, or one is being made.
    private(set) var isConnected = false
    /// Whether the flow waits for its turn to sign in, and whether it has it.
    private(set) var awaitsTurn = false
    private(set) var hasTurn = false
    /// Whether each turn that was asked for was one for which a person waits.
    private(set) var turnsAsked: [Bool] = []
    /// Sent and not yet asked for by a `C:` line.
    private(set) var unread: [UInt8] = []
    private var decoder = FrameDecoder(.fromServer)
    private var requests: UInt64 = 0

    static let dispatch = ServerAddress(host: "ds.example")

    init(
        password: String = "correct horse", status: Presence = .online, keepalive: KeepaliveMode = .auto,
        timeouts: FlowTimeouts = FlowTimeouts(), keepsListVersions: Bool = true, displacesSilently: Bool = false,
        chance: @escaping @Sendable () -> Double = { 0.5 }
    ) {
        let offer = SignInOffer(handle: "alice@example.com") { md5($0 + password) }
        flow = NotificationFlow(
            dispatch: Self.dispatch, offer: offer, status: status, keepalive: keepalive, timeouts: Shared(timeouts),
            keepsListVersions: keepsListVersions, displacesSilently: displacesSilently, chance: chance, digest: md5)
        perform(flow.start())
        grantTurn()
    }

    /// Lets the flow sign in.
    mutating func grantTurn() {
        #expect(awaitsTurn, "no turn was asked for")
        awaitsTurn = false
        hasTurn = true
        perform(flow.turnGranted())
    }

    /// A session that is online, with bob and carol on its lists.
    static func online(
        timeouts: FlowTimeouts = FlowTimeouts(), keepsListVersions: Bool = true, displacesSilently: Bool = false,
        chance: @escaping @Sendable () -> Double = { 0.5 }
    ) throws -> FlowDriver {
        var driver = FlowDriver(
            timeouts: timeouts, keepsListVersions: keepsListVersions, displacesSilently: displacesSilently,
            chance: chance)
        driver.connect()
        try driver.play(signIn + lists + announcement)
        return driver
    }

    static let signIn = """
        C: VER 1 MSNP6 MSNP5 MSNP4 CVR0
        S: VER 1 MSNP6
        C: INF 2
        S: INF 2 MD5
        C: USR 3 MD5 I alice@example.com
        S: USR 3 MD5 S 1013928519.693957190
        C: USR 4 MD5 S ca119f98ef5b826b095287c249ca8e87
        S: USR 4 OK alice@example.com Alice%20A. 1

        """
    static let lists = """
        C: SYN 5 0
        S: SYN 5 9
        S: LST 5 FL 9 1 2 bob@example.com Bob%20B.
        S: LST 5 FL 9 2 2 carol@example.com Carol
        S: LST 5 AL 9 0 0
        S: LST 5 BL 9 0 0
        S: LST 5 RL 9 0 0

        """
    static let announcement = """
        C: CHG 6 NLN
        S: CHG 6 NLN

        """

    mutating func connect() { perform(flow.connected()) }
    mutating func disconnect(isBroken: Bool = false, amongOthers: Bool = false) {
        if !isBroken { perform(flow.closedInOrder(amongOthers: amongOthers)) }
        perform(flow.disconnected())
    }
    /// Other sessions lost their connections, too.
    mutating func loseOthers() { perform(flow.othersWereLost()) }
    mutating func hurry() { perform(flow.hurry()) }
    mutating func signOut() { perform(flow.signOut()) }
    mutating func fail(_ reason: UnreachableReason) { perform(flow.connectFailed(reason)) }

    mutating func fire(_ timer: FlowTimer) {
        #expect(timers[timer] != nil, "\(timer) is not running")
        timers[timer] = nil
        perform(flow.timerFired(timer))
    }

    mutating func request(_ request: SessionRequest) -> RequestID {
        requests += 1
        let id = RequestID(rawValue: requests)
        perform(flow.request(id, request))
        return id
    }

    /// Connects and signs in once the wait is over; nothing has changed at the server since the version.
    mutating func comeBack(version: UInt32 = 9, status: String = "NLN") throws {
        beginComingBack()
        try play(
            Self.signIn + """
                C: SYN 5 \(version)
                S: SYN 5 \(version)
                C: CHG 6 \(status)
                S: CHG 6 \(status)
                """)
    }

    /// Connects once the wait is over.
    mutating func beginComingBack() {
        fire(.reconnect)
        grantTurn()
        connect()
    }

    /// Why it is reconnecting, if it is.
    var loss: SessionEnd? {
        guard case .reconnecting(let loss, _) = events.last else { return nil }
        return loss
    }

    /// The last thing that happened to the session.
    var end: SessionEnd? {
        guard case .ended(let end) = events.last else { return nil }
        return end
    }

    mutating func takeEvents() -> [SessionEvent] {
        defer { events = [] }
        return events
    }

    mutating func takeSent() -> [UInt8] {
        defer { unread = [] }
        return unread
    }

    mutating func feed(_ bytes: [UInt8]) {
        decoder.append(bytes.span)
        do {
            while let frame = try decoder.next() { perform(flow.received(frame)) }
        } catch {
            perform(flow.framingFailed(error))
        }
    }

    mutating func feed(_ line: String) { feed(Array((line + "\r\n").utf8)) }

    /// Plays a conversation; fails where the flow says something else or is silent.
    mutating func play(_ transcript: String, _ location: SourceLocation = #_sourceLocation) throws {
        var fromServer = false
        for line in transcript.split(separator: "\n", omittingEmptySubsequences: true) {
            let rest = String(line.dropFirst(2).drop(while: { line.first != "|" && $0 == " " }))
            switch line.prefix(2) {
            case "C:":
                fromServer = false
                expectSent(rest + "\r\n", location)
            case "S:":
                fromServer = true
                feed(Array((rest + "\r\n").utf8))
            case "| ", "|": fromServer ? feed(Array((rest + "\r\n").utf8)) : expectSent(rest + "\r\n", location)
            case "> ": fromServer ? feed(Array(rest.utf8)) : expectSent(rest, location)
            case "* ": continue
            default: Issue.record("not a transcript line: \(line)", sourceLocation: location)
            }
        }
    }

    private mutating func expectSent(_ text: String, _ location: SourceLocation) {
        let expected = Array(text.utf8)
        let sent = Array(unread.prefix(expected.count))
        #expect(
            String(decoding: sent, as: UTF8.self) == String(decoding: expected, as: UTF8.self),
            sourceLocation: location)
        unread.removeFirst(sent.count)
    }

    mutating func perform(_ actions: [FlowAction]) {
        for action in actions {
            // A request to a session that has ended is still answered.
            if isClosed, case .complete(_, .failure(.notOnline(.ended))) = action {
            } else {
                #expect(!isClosed, "an action after close: \(action)")
            }
            switch action {
            case .connect(let address):
                connections.append(address)
                isConnected = true
                #expect(hasTurn, "connects out of turn")
                decoder = FrameDecoder(.fromServer)
            case .send(let command):
                #expect(isConnected, "sends into the void")
                unread += command.frame.encoded()
            case .start(let timer, let duration): timers[timer] = duration
            case .cancel(let timer): timers[timer] = nil
            case .emit(let event): events.append(event)
            case .dropped(let command): dropped.append(command)
            case .rang(let ring): rings.append(ring)
            case .complete(let id, let result):
                #expect(completions[id] == nil, "answered twice")
                completions[id] = result
            case .learn(.keepalive(let trait)): lessons.append(trait)
            case .learn(let trait): commandLessons.append(trait)
            case .awaitTurn(let isAwaited):
                turnsAsked.append(isAwaited)
                #expect(!awaitsTurn && !hasTurn, "two turns")
                awaitsTurn = true
            case .returnTurn:
                #expect(awaitsTurn || hasTurn, "no turn to give back")
                #expect(flow.state == .online || !isConnected, "others sign in beside this one")
                awaitsTurn = false
                hasTurn = false
            case .disconnect:
                isConnected = false
                unread = []
            case .close:
                isClosed = true
                isConnected = false
                #expect(!awaitsTurn && !hasTurn, "a turn was kept")
            }
        }
    }
}

func md5(_ text: String) -> String {
    var digest = MD5()
    digest.update(text)
    return Hexadecimal.encode(digest.finish())
}
