import MSNP

/// A session against a notification server that says whatever it likes.
///
/// The bytes are the server's, on whichever connection there is. The byte 0xFF ends them, and the one behind it says what
/// happens next: the person asks for something, a timer is up, the connection breaks.
struct NotificationFuzzing {
    private var flow: NotificationFlow
    private var decoder = FrameDecoder(.fromServer)
    private var roster = Roster()
    private var timers: [FlowTimer: Duration] = [:]
    private var asked: UInt64 = 0
    private var answered: Set<RequestID> = []
    private var isConnected = false
    private var hasTurn = false
    private var isClosed = false
    private var lastWish: UInt64 = 0

    /// One action of each kind for each thing that a frame can hold back until it comes.
    private static let mostActions = WireLimits.earlyPresence + 256

    static func run(_ bytes: [UInt8]) throws {
        var input = FuzzInput(bytes)
        var session = NotificationFuzzing()
        try session.perform(session.flow.start())
        while !input.isEmpty {
            try session.hear(input.take(until: 0xFF))
            if !input.isEmpty { try session.step(input.byte()) }
        }
        try session.perform(session.flow.signOut())
        try session.perform(session.flow.timerFired(.goodbye))
        try session.perform(session.flow.disconnected())
        try FuzzFinding.unless(session.isClosed, "a session that signs out goes on")
        try FuzzFinding.unless(session.answered.count == Int(session.asked), "a request has no answer at the end")
    }

    private init() {
        flow = NotificationFlow(
            dispatch: ServerAddress(host: "ds.example"),
            offer: SignInOffer(handle: "alice@example.com") { _ in "0123456789abcdef0123456789abcdef" },
            status: .online,
            chance: { 0.5 }, digest: { _ in "0123456789abcdef0123456789abcdef" })
    }

    private mutating func hear(_ bytes: [UInt8]) throws {
        guard isConnected else { return }
        decoder.append(bytes.span)
        while isConnected {
            let next: Result<Frame?, FramingError>
            do throws(FramingError) {
                next = .success(try decoder.next())
            } catch {
                next = .failure(error)
            }
            switch next {
            case .success(nil): return
            case .success(let frame?): try perform(flow.received(frame))
            case .failure(let error): return try perform(flow.framingFailed(error))
            }
        }
    }

    private mutating func step(_ byte: UInt8) throws {
        switch byte % 16 {
        case 0: try lose(inOrder: false)
        case 1: try lose(inOrder: true)
        case 2: try perform(flow.flooded())
        case 7: try perform(flow.hurry())
        case 3...6:
            let running = timers.keys.sorted { "\($0)" < "\($1)" }
            guard !running.isEmpty else { return }
            let timer = running[Int(byte / 16) % running.count]
            timers[timer] = nil
            try perform(flow.timerFired(timer))
        default:
            guard let wish = try Self.wish(Int(byte)) else { return }
            asked += 1
            try perform(flow.request(RequestID(rawValue: asked), wish))
        }
    }

    private static func wish(_ number: Int) throws -> SessionRequest? {
        let bob = try Handle(validating: "bob@example.com")
        let name = try DisplayName(validating: "Zoë ☕ 100%")
        let wishes: [SessionRequest] = [
            .setPresence(.busy), .rename(name), .service("INBOX", parameter: nil), .add(bob, to: .forward, name: name),
            .remove(bob, from: .block), .renameContact(bob, name), .setPrivacy(.block), .setAddPrompt(.ask), .transfer,
            .setPresence(.appearOffline), .add(bob, to: .block, name: name), .remove(bob, from: .forward),
        ]
        return wishes[number % wishes.count]
    }

    private mutating func lose(inOrder: Bool) throws {
        guard isConnected else { return }
        isConnected = false
        if inOrder { try perform(flow.closedInOrder()) }
        try perform(flow.disconnected())
    }

    private mutating func perform(_ actions: [FlowAction]) throws {
        try FuzzFinding.unless(
            actions.count <= Self.mostActions + Int(asked) - answered.count, "\(actions.count) actions at once")
        var connects = false
        for action in actions {
            if isClosed {
                guard case .complete(_, .failure(.notOnline(.ended))) = action else {
                    throw FuzzFinding("an action after the end")
                }
            }
            switch action {
            case .awaitTurn:
                try FuzzFinding.unless(!hasTurn, "two turns")
                hasTurn = true
                // Granted at once, which is when it is asked for in most places.
                connects = true
            case .returnTurn:
                try FuzzFinding.unless(hasTurn, "no turn to give back")
                hasTurn = false
            case .connect:
                try FuzzFinding.unless(hasTurn, "connects out of turn")
                decoder = FrameDecoder(.fromServer)
                isConnected = true
                connects = true
            case .send(let command): try check(command.frame)
            case .start(let timer, let duration): timers[timer] = duration
            case .cancel(let timer): timers[timer] = nil
            case .complete(let request, _):
                try FuzzFinding.unless(answered.insert(request).inserted, "a request is answered twice")
            case .emit(let event): take(event)
            case .disconnect: isConnected = false
            case .close:
                isClosed = true
                isConnected = false
                try FuzzFinding.unless(!hasTurn, "a turn is kept")
            default: break
            }
        }
        guard connects, !isClosed else { return }
        if isConnected {
            try perform(flow.connected())
        } else {
            try perform(flow.turnGranted())
        }
    }

    /// What goes out is one command of ours, whatever the server has put into it.
    private func check(_ frame: Frame) throws {
        try FuzzFinding.unless(isConnected, "sends into the void")
        let bytes = frame.encoded()
        var decoder = FrameDecoder(.fromClient)
        decoder.append(bytes.span)
        let read = try? decoder.next()
        try FuzzFinding.unless(
            read?.command == frame.command && decoder.bufferedBytes == 0, "\(frame) is not one command")
    }

    /// As the gateway keeps it.
    private mutating func take(_ event: SessionEvent) {
        switch event {
        case .synchronized(let lists?): _ = roster.apply(lists)
        case .listAdded(let member, let list, let version): _ = roster.add(member, to: list, version: version)
        case .listRemoved(let handle, let list, let version): _ = roster.remove(handle, from: list, version: version)
        case .contactRenamed(let member, let version): _ = roster.rename(member, version: version)
        case .initialPresence(let presence, let handle, let name):
            _ = roster.apply(presence, of: handle, name: name)
        case .presence(let presence, let handle, let name): _ = roster.apply(presence, of: handle, name: name)
        case .contactPhone(let handle, let property, let value): _ = roster.set(property, of: handle, to: value)
        default: break
        }
    }
}
