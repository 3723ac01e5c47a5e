import Loops
package import MSNP
import Synchronization

/// One session with a backend, on one event loop: runs a `NotificationFlow` on connections and timers.
///
/// The actor's executor is the event loop, so the socket's handler calls it without a hop or a lock. Everything that
/// happens is told to `observer`, on the event loop, in order; `.ended` is the last.
package actor NotificationSession {
    package nonisolated let backend: Backend
    nonisolated let loop: ClientLoop
    let budget: ConnectionBudget
    let observer: @Sendable (SessionEvent) -> Void
    let now: @Sendable () -> Int64
    /// Where frames can be watched.
    let tap: WireTap?
    nonisolated let lastReceived = Atomic<Int64>(0)

    /// Whether a call of somebody, by handle, is to be answered.
    private let admitsCall: @Sendable (String) -> Bool

    var flow: NotificationFlow
    var conversations: ConversationFlow
    var switchboards: [SwitchboardID: SwitchboardConnection] = [:]
    /// How many switchboards there have been.
    var switchboardsMade = 0
    var socket: Socket?
    /// Whether what the servers say waits.
    nonisolated let hold = FrameHold()
    /// Counts connections, so that what an old one still says is recognised.
    var generation = 0
    /// How the tap knows the connection.
    var connection = WireConnection(.dispatch, 0)
    /// What the connection may send; each begins with a sign-in, so each begins anew.
    var floodMeter = FloodMeter()
    /// What waits for its turn on the connection; unused where the server copes with several commands at once.
    var pacing = CommandPacing<Frame>()
    var connectDeadline: LoopTimer?
    /// When each running timer is up.
    private var deadlines = SessionDeadlines()
    /// The one task on the event loop that looks after them, and when it runs.
    private var alarm: (deadline: MonotonicInstant, timer: LoopTimer)?
    /// The permit to sign in that the session has, or waits for.
    private var signInPermit: SignInSemaphore.Permit?
    private var requests: [RequestID: CheckedContinuation<Result<RequestReply, RequestFailure>, Never>] = [:]
    var talks: [RequestID: CheckedContinuation<Result<ConversationReply, MessageFailure>, Never>] = [:]
    private var lastRequest: UInt64 = 0
    /// What of the backend's lessons the flow knows.
    private var lesson: UInt64 = 0
    /// The losses of the backend's sessions to which this one's last belonged.
    var lossWave: LossWave?
    private(set) var hasEnded = false
    private var waitingForEnd: [CheckedContinuation<Void, Never>] = []

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        // The session holds it.
        unsafe loop.eventLoop.asUnownedSerialExecutor()
    }

    /// Prepares a session; nothing happens before `start()`.
    ///
    /// - Parameters:
    ///   - offer: its dialects are replaced by those of the backend.
    ///   - connections: how many there may be, with those of all others that have the same.
    ///   - chance: uniformly from 0 up to 1, for the waits between attempts to come back.
    ///   - now: milliseconds since 1970, for `lastReceivedAt`.
    ///   - admitsCall: whether a call of somebody, by handle, is to be answered; asked on the event loop.
    ///   - known: those that it comes back with.
    ///   - tap: is shown every frame.
    package init(
        backend: Backend, offer: SignInOffer, status: Presence, loop: ClientLoop,
        connections: ConnectionBudget = ConnectionBudget(),
        chance: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        digest: @escaping @Sendable (String) -> String, now: @escaping @Sendable () -> Int64 = { 0 },
        admitsCall: @escaping @Sendable (String) -> Bool = { _ in true },
        conversations known: KnownConversations = KnownConversations(), tap: WireTap? = nil,
        observer: @escaping @Sendable (SessionEvent) -> Void
    ) {
        self.admitsCall = admitsCall
        conversations = ConversationFlow(timeouts: backend.conversationTimeouts, known: known)
        conversations.keepsOneSwitchboard = backend.configuration.quirks.contains(.keepsOneSwitchboard)
        self.now = now
        self.tap = tap
        self.backend = backend
        self.loop = loop
        budget = connections
        self.observer = observer
        var offer = offer
        offer.dialects = backend.configuration.dialects
        flow = NotificationFlow(
            dispatch: backend.configuration.address, offer: offer, status: status,
            keepalive: backend.configuration.keepalive, timeouts: backend.timeouts,
            keepsListVersions: backend.configuration.keepsListVersions,
            displacesSilently: backend.configuration.displacesSilently, chance: chance, digest: digest)
    }

    /// When the server last said something, by the clock that `init` was given; 0 before it did.
    ///
    /// Any thread may ask.
    package nonisolated var lastReceivedAt: Int64 { lastReceived.load(ordering: .relaxed) }

    /// Connects and signs in; the observer hears the rest.
    package nonisolated func start() {
        _ = loop.post { self.assumeIsolated { $0.step { $0.start() } } }
    }

    /// Connects and signs in a session that was online before, in another process; nobody waits for this one, and a server
    /// that can't be reached is tried again.
    package nonisolated func comeBack() {
        _ = loop.post { self.assumeIsolated { $0.step { $0.comeBack() } } }
    }

    /// Asks something of the server and waits for its answer, at most the backend's request time-out.
    ///
    /// Throws `RequestFailure`. A failed request leaves the session as it was.
    package func request(_ request: SessionRequest) async throws(RequestFailure) -> RequestReply {
        let id = nextRequest()
        let result = await withCheckedContinuation { continuation in
            requests[id] = continuation
            step { $0.request(id, request) }
        }
        return try result.get()
    }

    func nextRequest() -> RequestID {
        lastRequest += 1
        return RequestID(rawValue: lastRequest)
    }

    /// Signs out with `OUT` and returns once the session has ended, within a second or so.
    package func signOut() async {
        step { $0.signOut() }
        if hasEnded { return }
        await withCheckedContinuation { waitingForEnd.append($0) }
    }

    /// Somebody waits for the session to be online again: where it waits for its turn to sign in, it goes before those for
    /// whom nobody does.
    package nonisolated func hasten() {
        _ = loop.post { self.assumeIsolated { $0.goBeforeOthers() } }
    }

    /// Somebody does not even want to wait for the next attempt to come back: `NotificationFlow.hurry`.
    package func hurry() {
        step { $0.hurry() }
        goBeforeOthers()
    }

    private func goBeforeOthers() {
        if let signInPermit { backend.signInSemaphore.promote(signInPermit) }
    }

    /// Has what the servers say wait, or go on: challenges are answered meanwhile.
    package nonisolated func hold(_ isHeld: Bool) {
        if hold.want(isHeld) { _ = loop.post { self.assumeIsolated { $0.hold.follow() } } }
    }

    // MARK: - Running the flow

    /// The own handle in the server's spelling.
    var ownHandle: String { flow.handle }

    func step(_ input: (inout NotificationFlow) -> [FlowAction]) {
        if let known = backend.news(since: &lesson) {
            flow.keepaliveTraits = known.keepalive
            flow.commands = known.commands
        }
        let actions = input(&flow)
        // Where they are: copies of them, made and ended, were 4 µs of a sign-in by the profile.
        for place in actions.indices { carryOut(actions.span[place]) }
    }

    private func carryOut(_ action: FlowAction) {
        switch action {
        case .awaitTurn(let isAwaited): awaitTurn(isFirst: isAwaited)
        case .returnTurn: returnTurn()
        case .connect(let address): connect(to: address)
        case .send(.signOut): write(ClientCommand.signOut.frame, to: socket, connection)
        case .send(let command): say(command.frame)
        case .start(let timer, let duration): start(.notification(timer), duration)
        case .cancel(let timer): cancel(.notification(timer))
        case .rang(let ring):
            if admitsCall(ring.caller.handle) { stepConversations { $0.rang(ring) } }
        case .emit(let event):
            if case .reconnecting(let end, let delay) = event {
                backend.traffic.reconnect()
                // Told to leave, as others are when the server goes down.
                if delay != nil, end == .serverShutdown || end == .serverClosed { noteLoss() }
            }
            observer(event)
        case .dropped(let command): drop(command)
        case .complete(let id, let result): requests.removeValue(forKey: id)?.resume(returning: result)
        case .learn(let trait): backend.learn(trait, in: lossWave)
        case .disconnect: dropConnection()
        case .close: close()
        }
    }

    /// Part of what the server said is longer than it may be.
    func drop(_ command: String) {
        backend.traffic.dropLine()
        observer(.ignored(command: command))
    }

    /// Sends a command to the notification server when its turn has come.
    ///
    /// Not `OUT`: after it nothing follows, and if the server does not read it, it sees the connection close.
    private func say(_ frame: Frame) {
        guard let pause = backend.configuration.pause else { return write(frame, to: socket, connection) }
        // Whoever asked for it hears that it was not answered; the server's own questions, which it can ask without end, are
        // left unanswered.
        guard !pacing.isFull else { return }
        guard pacing.admits(frame, frame.transaction) else { return }
        write(frame, to: socket, connection)
        start(.pause, pause)
    }

    /// The next command's turn: the last one was answered, or the pause after it is over.
    func sayNext() {
        guard let pause = backend.configuration.pause, !pacing.isFree else { return }
        guard let frame = pacing.next() else { return cancel(.pause) }
        write(frame, to: socket, connection)
        start(.pause, pause)
    }

    func write(_ frame: Frame, to socket: Socket?, _ connection: WireConnection) {
        guard let socket, socket.isOpen else { return }
        // A server that lets this much of ours lie unread makes us answer without reading.
        guard socket.isWritable else { return socket.close() }
        tap?.sent(frame, connection: connection)
        let bytes = frame.encoded()
        backend.traffic.send(bytes: bytes.count)
        socket.write(bytes)
    }

    func start(_ timer: SessionTimer, _ duration: Duration) {
        // A pause is what the server is given between two commands: from now, and not from when the frame came whose handling may have
        // taken as long. All others are of seconds.
        let due = (timer == .pause ? .now : loop.time) + duration
        deadlines[timer] = due
        // The alarm is never later than any of them. Each list line puts off the same timer: 15 µs of a sign-in.
        if let deadline = alarm?.deadline, deadline <= due { return }
        setAlarm()
    }

    func cancel(_ timer: SessionTimer) { deadlines[timer] = nil }

    private func awaitTurn(isFirst: Bool) {
        returnTurn()
        let loop = loop
        let alarm: SignInSemaphore.Alarm = { delay, body in _ = loop.eventLoop.after(delay, body) }
        signInPermit = backend.signInSemaphore.acquire(isFirst: isFirst, alarm: alarm) { permit in
            _ = loop.post { self.assumeIsolated { $0.permitGranted(permit) } }
        }
    }

    private func permitGranted(_ permit: SignInSemaphore.Permit) {
        // It may have been released between the grant and this call.
        guard signInPermit == permit else { return }
        step { $0.turnGranted() }
    }

    private func returnTurn() {
        if let signInPermit { backend.signInSemaphore.release(signInPermit) }
        signInPermit = nil
    }

    /// Makes sure that the loop wakes the session in time for its next deadline.
    ///
    /// One for all of them: with nearly each command a timer is put off, and one that is cancelled or put off just finds
    /// nothing due, and sets the alarm anew.
    private func setAlarm() {
        guard let next = deadlines.earliest else { return }
        if let deadline = alarm?.deadline, deadline <= next { return }
        alarm = (next, loop.eventLoop.at(next) { self.assumeIsolated { $0.alarmRang(next) } })
    }

    /// Has so much time pass at once for everything that the session waits for.
    ///
    /// Tests let time-outs run out with it, so that no verdict of theirs depends on how soon a busy machine gets to
    /// something; nothing else calls it.
    package func pass(_ duration: Duration) {
        deadlines.pass(duration)
        alarm?.timer.cancel()
        alarm = nil
        fireDue()
    }

    private func alarmRang(_ deadline: MonotonicInstant) {
        // An earlier deadline may have set another alarm since.
        if alarm?.deadline == deadline { alarm = nil }
        fireDue()
    }

    private func fireDue() {
        let now = MonotonicInstant.now
        for (timer, due) in deadlines.due(at: now) {
            // What an earlier timer did may have cancelled or put off this one.
            guard deadlines[timer] == due else { continue }
            deadlines[timer] = nil
            switch timer {
            case .notification(let timer): step { $0.timerFired(timer) }
            case .conversation(let timer): stepConversations { $0.timerFired(timer) }
            case .pause: sayNext()
            }
        }
        setAlarm()
    }

    private func close() {
        returnTurn()
        dropConnection()
        stepConversations { $0.end() }
        closeSwitchboards()
        alarm?.timer.cancel()
        alarm = nil
        deadlines = SessionDeadlines()
        hasEnded = true
        for continuation in waitingForEnd { continuation.resume() }
        waitingForEnd = []
    }

    func dropConnection() {
        generation += 1
        connectDeadline?.cancel()
        connectDeadline = nil
        socket?.close()
        socket = nil
        pacing = CommandPacing()
        cancel(.pause)
    }
}
