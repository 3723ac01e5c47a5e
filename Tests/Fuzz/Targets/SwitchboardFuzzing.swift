import MSNP

/// Conversations against switchboards that say whatever they like.
///
/// The bytes are those of the switchboard that was connected to last. The byte 0xFF ends them, and the one behind it says
/// what happens next: somebody writes, calls or leaves, a timer is up, a connection breaks.
struct SwitchboardFuzzing {
    private var flow = ConversationFlow()
    private var decoders: [SwitchboardID: FrameDecoder] = [:]
    private var current: SwitchboardID?
    private var connecting: [SwitchboardID] = []
    private var closed: Set<SwitchboardID> = []
    private var timers: [ConversationTimer: Duration] = [:]
    private var known: [ConversationID] = []
    private var asked: UInt64 = 0
    private var answered: Set<RequestID> = []
    private var messages: UInt64 = 0
    private var settled: Set<OutgoingMessageID> = []
    /// Switchboards that were asked for, and what somebody has done that may need one.
    private var transfers = 0
    private var reasons = 0

    private static let people = ["bob@example.com", "carol@example.com", "dora@example.com"]
    /// Switchboards that one message, request or time-out may need: one of its own, and one to move to.
    private static let mostTransfers = 4

    static func run(_ bytes: [UInt8]) throws {
        var input = FuzzInput(bytes)
        var talk = SwitchboardFuzzing()
        while !input.isEmpty {
            try talk.hear(input.take(until: 0xFF))
            if !input.isEmpty { try talk.step(input.byte()) }
            try talk.checkSizes()
        }
        try talk.perform(talk.flow.end())
        try FuzzFinding.unless(talk.answered.count == Int(talk.asked), "a request has no answer at the end")
        try FuzzFinding.unless(talk.settled.count == Int(talk.messages), "a message has no outcome at the end")
    }

    private init() { flow.ownHandle = "alice@example.com" }

    private func checkSizes() throws {
        try FuzzFinding.unless(
            transfers <= Self.mostTransfers * reasons, "\(transfers) switchboards asked for by \(reasons) wishes")
    }

    private mutating func hear(_ bytes: [UInt8]) throws {
        guard let board = current, decoders[board] != nil else { return }
        decoders[board]?.append(bytes.span)
        while decoders[board] != nil {
            let next: Result<Frame?, FramingError>?
            do throws(FramingError) {
                next = .success(try decoders[board]?.next())
            } catch {
                next = .failure(error)
            }
            switch next {
            case .success(let frame?): try perform(flow.received(frame, on: board))
            case .failure:
                decoders[board] = nil
                return try perform(flow.disconnected(board))
            default: return
            }
        }
    }

    private mutating func step(_ byte: UInt8) throws {
        let choice = Int(byte / 16)
        let person = try Handle(validating: Self.people[choice % Self.people.count])
        switch byte % 16 {
        case 0...3: try send(to: .person(person), size: choice < 12 ? 10 : 4_000)
        case 4:
            if !known.isEmpty { try send(to: .conversation(known[choice % known.count]), size: 10) }
        case 5: try request(.open([person]))
        case 6: try request(.open(try Self.people.map { try Handle(validating: $0) }))
        case 7: if !known.isEmpty { try request(.invite(person, into: known[choice % known.count])) }
        case 8: try ring(Self.people[choice % Self.people.count])
        case 9:
            guard let board = current, decoders.removeValue(forKey: board) != nil else { return }
            try perform(flow.disconnected(board))
        case 10: if !known.isEmpty { try perform(flow.leave(known[choice % known.count])) }
        case 11: if !known.isEmpty { try perform(flow.type(in: known[choice % known.count])) }
        case 12:
            // Whoever was connected before speaks next.
            let open = decoders.keys.sorted { $0.rawValue < $1.rawValue }
            if !open.isEmpty { current = open[choice % open.count] }
        case 15:
            // Nothing, so that what follows comes from the switchboard that is the last one now.
            break
        default:
            let running = timers.keys.sorted { "\($0)" < "\($1)" }
            guard !running.isEmpty else { return }
            let timer = running[choice % running.count]
            timers[timer] = nil
            reasons += 1
            try perform(flow.timerFired(timer))
        }
    }

    private mutating func send(to target: MessageTarget, size: Int) throws {
        let text = try MessageText(validating: String(repeating: "é", count: size / 2))
        let id = OutgoingMessageID(rawValue: messages + 1)
        reasons += 1
        let (result, actions) = flow.send(OutgoingMessage(id: id, text: text, format: nil), to: target)
        switch result {
        case .success: messages += 1
        case .failure: try FuzzFinding.unless(actions.isEmpty, "a message that was refused is told of")
        }
        try perform(actions)
    }

    private mutating func request(_ request: ConversationRequest) throws {
        asked += 1
        reasons += 1
        try perform(flow.request(RequestID(rawValue: asked), request))
    }

    private mutating func ring(_ person: String) throws {
        let line = "RNG 4711 10.0.1.200:1863 CKI 849.5 \(person) Somebody"
        guard case .ring(let ring)? = try? ServerCommand(parsing: frame(line)) else { return }
        reasons += 1
        try perform(flow.rang(ring))
    }

    private func frame(_ line: String) throws -> Frame {
        var decoder = FrameDecoder(.fromServer)
        let bytes = Array("\(line)\r\n".utf8)
        decoder.append(bytes.span)
        guard let frame = try decoder.next() else { throw FuzzFinding("no frame in \(line)") }
        return frame
    }

    private mutating func perform(_ actions: [ConversationAction]) throws {
        for action in actions {
            switch action {
            case .requestTransfer(let board):
                transfers += 1
                try checkSizes()
                // Given at once.
                let address = ServerAddress(host: "10.0.1.200")
                try perform(flow.transferred(board, to: address, cookie: Redacted("17262.1")))
            case .connect(let board, _): connecting.append(board)
            case .send(let board, let command):
                try FuzzFinding.unless(decoders[board] != nil, "sends into the void")
                try check(command.frame)
            case .close(let board):
                try FuzzFinding.unless(closed.insert(board).inserted, "a switchboard is closed twice")
                decoders[board] = nil
                connecting.removeAll { $0 == board }
            case .start(let timer, let duration): timers[timer] = duration
            case .cancel(let timer): timers[timer] = nil
            case .complete(let request, _):
                try FuzzFinding.unless(answered.insert(request).inserted, "a request is answered twice")
            case .emit(.opened(let id, _)): known.append(id)
            case .emit(.closed(let id, _)): known.removeAll { $0 == id }
            case .emit(.settled(let message, _, _)):
                try FuzzFinding.unless(settled.insert(message).inserted, "a message has two outcomes")
            default: break
            }
        }
        try FuzzFinding.unless(
            known.count <= ConversationLimits.conversations, "\(known.count) conversations")
        try FuzzFinding.unless(
            decoders.count + connecting.count <= ConversationLimits.switchboards, "\(decoders.count) switchboards")
        while let board = connecting.first {
            connecting.removeFirst()
            decoders[board] = FrameDecoder(.fromServer)
            current = board
            try perform(flow.connected(board))
        }
    }

    /// What goes out is one command of ours, whatever the switchboard has put into it.
    private func check(_ frame: Frame) throws {
        try FuzzFinding.unless(
            frame.payload?.count ?? 0 <= WireLimits.messagePayload, "a payload that closes switchboards")
        var decoder = FrameDecoder(.fromClient)
        let bytes = frame.encoded()
        decoder.append(bytes.span)
        let read = try? decoder.next()
        try FuzzFinding.unless(
            read?.command == frame.command && decoder.bufferedBytes == 0, "\(frame) is not one command")
    }
}
