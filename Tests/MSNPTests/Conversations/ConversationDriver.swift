import ByteText
import Testing

@testable import MSNP

/// Runs a `ConversationFlow` in place of sockets and clocks, and holds it to what whoever runs it relies on.
struct ConversationDriver {
    var flow = ConversationFlow()
    private(set) var events: [ConversationEvent] = []
    private(set) var completions: [RequestID: Result<ConversationReply, MessageFailure>] = [:]
    private(set) var lessons: [BackendTrait] = []
    private(set) var timers: [ConversationTimer: Duration] = [:]
    /// Switchboards that the notification server was asked for and has not given.
    private(set) var transfers: [SwitchboardID] = []
    /// Where connections are to be made, in their order.
    private(set) var connecting: [SwitchboardID] = []
    /// What each connection was sent and nobody has looked at, as lines; payloads are left out.
    private var sent: [SwitchboardID: [String]] = [:]
    private(set) var payloads: [SwitchboardID: [[UInt8]]] = [:]
    private(set) var open: Set<SwitchboardID> = []
    /// Whom we have called into each of those that we have asked for ourselves.
    private var called: [SwitchboardID: Set<String>] = [:]
    /// Each chat text that went out, whom we had called there by then (nil where somebody else has called us), and whether
    /// there was no other way.
    private(set) var said: [(text: String, called: Set<String>?, isOnlyWay: Bool)] = []
    /// Commands whose line was dropped.
    private(set) var dropped: [String] = []
    /// Commands that were left alone.
    private(set) var ignored: [String] = []
    private var closed: Set<SwitchboardID> = []
    private var lastMessage: UInt64 = 0
    private var lastRequest: UInt64 = 0

    init() { flow.ownHandle = "alice@example.com" }

    // MARK: - What is wanted

    /// Sends a text to a person, or into a conversation.
    @discardableResult
    mutating func send(_ text: String, to target: MessageTarget) throws -> (OutgoingMessageID, ConversationID) {
        lastMessage += 1
        let id = OutgoingMessageID(rawValue: lastMessage)
        let message = OutgoingMessage(id: id, text: try MessageText(validating: text), format: nil)
        let (result, actions) = flow.send(message, to: target)
        perform(actions)
        return (id, try result.get())
    }

    @discardableResult
    mutating func send(_ text: String, to person: String) throws -> (OutgoingMessageID, ConversationID) {
        try send(text, to: .person(try Handle(validating: person)))
    }

    mutating func request(_ request: ConversationRequest) -> RequestID {
        lastRequest += 1
        let id = RequestID(rawValue: lastRequest)
        perform(flow.request(id, request))
        return id
    }

    mutating func ring(_ caller: String) -> SwitchboardID {
        let before = Set(flow.switchboards.keys)
        perform(
            flow.rang(
                Ring(
                    session: "4711", address: ServerAddress(host: "10.0.1.200"), cookie: Redacted("849.5"),
                    caller: ListMember(handle: caller, name: caller))))
        return Set(flow.switchboards.keys).subtracting(before).first ?? SwitchboardID(rawValue: 0)
    }

    // MARK: - What servers do

    /// Gives the switchboard that was asked for, and lets us in; answers its ID.
    mutating func transfer() throws -> SwitchboardID {
        let board = try #require(transfers.first)
        transfers.removeFirst()
        perform(flow.transferred(board, to: ServerAddress(host: "10.0.1.200"), cookie: Redacted("17262.1")))
        return board
    }

    mutating func refuseTransfer(_ failure: RequestFailure) throws {
        let board = try #require(transfers.first)
        transfers.removeFirst()
        perform(flow.notTransferred(board, failure))
    }

    mutating func connect(_ board: SwitchboardID) {
        guard connecting.contains(board) else { return }
        connecting.removeAll { $0 == board }
        open.insert(board)
        perform(flow.connected(board))
    }

    mutating func failConnect(_ board: SwitchboardID, _ reason: UnreachableReason = .refused) {
        guard connecting.contains(board) else { return }
        connecting.removeAll { $0 == board }
        perform(flow.connectFailed(board, reason))
    }

    /// All the way in: the transfer, the connection, `USR OK`.
    mutating func enter() throws -> SwitchboardID {
        let board = try transfer()
        connect(board)
        let line = try #require(next(board))
        #expect(line == "USR 1 alice@example.com 17262.1")
        say("USR 1 OK alice@example.com Alice", on: board)
        return board
    }

    /// All the way in, and one person with us.
    mutating func enter(with handle: String) throws -> SwitchboardID {
        let board = try enter()
        #expect(next(board) == "CAL 2 \(handle)")
        say("CAL 2 RINGING 11752013", on: board)
        say("JOI \(handle) \(handle)", on: board)
        return board
    }

    mutating func say(_ line: String, _ payload: String? = nil, on board: SwitchboardID) {
        var frame = Frame(line: Array(line.utf8))
        frame.payload = payload.map { Array($0.utf8) }
        perform(flow.received(frame, on: board))
    }

    mutating func says(_ sender: String, _ text: String, on board: SwitchboardID) {
        say(
            "MSG \(sender) \(sender)", "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n\(text)",
            on: board)
    }

    mutating func drop(_ board: SwitchboardID) {
        guard open.remove(board) != nil else { return }
        perform(flow.disconnected(board))
    }

    mutating func fire(_ timer: ConversationTimer) {
        guard timers.removeValue(forKey: timer) != nil else { return }
        perform(flow.timerFired(timer))
    }

    mutating func leave(_ id: ConversationID) { perform(flow.leave(id)) }
    mutating func type(in id: ConversationID) { perform(flow.type(in: id)) }
    mutating func end() { perform(flow.end()) }

    // MARK: - What is to be seen

    /// The next line that a connection was sent.
    mutating func next(_ board: SwitchboardID) -> String? {
        guard let first = sent[board]?.first else { return nil }
        sent[board]?.removeFirst()
        return first
    }

    mutating func everything(_ board: SwitchboardID) -> [String] {
        defer { sent[board] = [] }
        return sent[board] ?? []
    }

    func outcomes(of message: OutgoingMessageID) -> [MessageOutcome] {
        events.compactMap { if case .settled(message, _, let outcome) = $0 { outcome } else { nil } }
    }

    mutating func takeEvents() -> [ConversationEvent] {
        defer { events = [] }
        return events
    }

    /// The text of each chat message that went out on a connection, in its order.
    func texts(_ board: SwitchboardID) -> [String] {
        (payloads[board] ?? []).compactMap { ChatText(MIMEPayload(parsing: $0))?.text }
    }

    mutating func perform(_ actions: [ConversationAction]) {
        for action in actions {
            switch action {
            case .requestTransfer(let board):
                transfers.append(board)
                called[board] = called[board] ?? []
            case .connect(let board, _): connecting.append(board)
            case .send(let board, let command):
                #expect(open.contains(board), "sends into the void: \(command.command)")
                let frame = command.frame
                sent[board, default: []].append(([frame.command] + frame.parameters).joined(separator: " "))
                if frame.command == "CAL" { called[board]?.insert(frame.parameters[1]) }
                if let payload = frame.payload {
                    #expect(payload.count <= WireLimits.messagePayload)
                    payloads[board, default: []].append(payload)
                    if let text = ChatText(MIMEPayload(parsing: payload))?.text {
                        let switchboard = flow.switchboards[board]
                        // Theirs, and nobody else has ever been there.
                        let hadOne = switchboard.map { if case .one = $0.guests { true } else { false } } == true
                        let isSafe = switchboard?.isSettled == true && hadOne
                        said.append((text, called[board], switchboard?.isOnlyWay == true || isSafe))
                    }
                }
            case .close(let board):
                #expect(closed.insert(board).inserted, "closed twice")
                open.remove(board)
                connecting.removeAll { $0 == board }
            case .start(let timer, let duration): timers[timer] = duration
            case .cancel(let timer): timers[timer] = nil
            case .emit(let event): events.append(event)
            case .ignored(let command): ignored.append(command)
            case .dropped(let command): dropped.append(command)
            case .complete(let id, let result):
                #expect(completions[id] == nil, "answered twice")
                completions[id] = result
            case .learn(let trait): lessons.append(trait)
            }
        }
    }
}
