package import MSNP
package import NIOCore
import NIOPosix
import Synchronization

/// One session with a backend, on one event loop: runs a `NotificationFlow` on connections and timers.
///
/// The actor's executor is the event loop, so the channel's handler calls it without a hop or a lock. Everything that
/// happens is told to `observer`, on the event loop, in order; `.ended` is the last.
package actor NotificationSession {
    package nonisolated let backend: Backend
    private nonisolated let eventLoop: any EventLoop
    private let observer: @Sendable (SessionEvent) -> Void
    private let now: @Sendable () -> Int64
    private nonisolated let lastReceived = Atomic<Int64>(0)

    private var flow: NotificationFlow
    private var channel: (any Channel)?
    /// Counts connections, so that what an old one still says is recognised.
    private var generation = 0
    /// What the connection may send; each begins with a sign-in, so each begins anew.
    private var floodMeter = FloodMeter()
    private var connectDeadline: Scheduled<Void>?
    /// When each running timer is up.
    private var deadlines: [FlowTimer: NIODeadline] = [:]
    /// The one task on the event loop that looks after them, and when it runs.
    private var alarm: (deadline: NIODeadline, task: Scheduled<Void>)?
    /// The turn to sign in that the session has, or waits for.
    private var turn: SignInTurns.Number?
    private var requests: [RequestID: CheckedContinuation<Result<RequestReply, RequestFailure>, Never>] = [:]
    private var lastRequest: UInt64 = 0
    private var hasEnded = false
    private var waitingForEnd: [CheckedContinuation<Void, Never>] = []

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        // The loop outlives its sessions: the group is shut down after they have ended.
        unsafe eventLoop.executor.asUnownedSerialExecutor()
    }

    /// Prepares a session; nothing happens before `start()`.
    ///
    /// - Parameters:
    ///   - offer: its dialects are replaced by those of the backend.
    ///   - chance: uniformly from 0 up to 1, for the waits between attempts to come back.
    ///   - now: milliseconds since 1970, for `lastReceivedAt`.
    package init(
        backend: Backend, offer: SignInOffer, status: Presence, eventLoop: any EventLoop,
        chance: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        digest: @escaping @Sendable (String) -> String, now: @escaping @Sendable () -> Int64 = { 0 },
        observer: @escaping @Sendable (SessionEvent) -> Void
    ) {
        self.now = now
        self.backend = backend
        self.eventLoop = eventLoop
        self.observer = observer
        var offer = offer
        offer.dialects = backend.configuration.dialects
        flow = NotificationFlow(
            dispatch: backend.configuration.address, offer: offer, status: status,
            keepalive: backend.configuration.keepalive, timeouts: backend.configuration.timeouts,
            keepsListVersions: backend.configuration.keepsListVersions, chance: chance, digest: digest)
    }

    /// When the server last said something, by the clock that `init` was given; 0 before it did.
    ///
    /// Any thread may ask.
    package nonisolated var lastReceivedAt: Int64 { lastReceived.load(ordering: .relaxed) }

    /// Connects and signs in; the observer hears the rest.
    package nonisolated func start() {
        eventLoop.execute { self.assumeIsolated { $0.step { $0.start() } } }
    }

    /// Asks something of the server and waits for its answer, at most the backend's request time-out.
    ///
    /// Throws `RequestFailure`. A failed request leaves the session as it was.
    package func request(_ request: SessionRequest) async throws(RequestFailure) -> RequestReply {
        lastRequest += 1
        let id = RequestID(rawValue: lastRequest)
        let result = await withCheckedContinuation { continuation in
            requests[id] = continuation
            step { $0.request(id, request) }
        }
        return try result.get()
    }

    /// Signs out with `OUT` and returns once the session has ended, within a second or so.
    package func signOut() async {
        step { $0.signOut() }
        if hasEnded { return }
        await withCheckedContinuation { waitingForEnd.append($0) }
    }

    // MARK: - Running the flow

    private func step(_ input: (inout NotificationFlow) -> [FlowAction]) {
        let known = backend.known
        flow.keepaliveTraits = known.keepalive
        flow.commands = known.commands
        for action in input(&flow) { carryOut(action) }
    }

    private func carryOut(_ action: FlowAction) {
        switch action {
        case .awaitTurn(let isFirst): awaitTurn(isFirst: isFirst)
        case .returnTurn: returnTurn()
        case .connect(let address): connect(to: address)
        case .send(let message):
            guard let channel else { return }
            // A server that lets this much of ours lie unread makes us answer without reading.
            guard channel.isWritable else {
                channel.close(promise: nil)
                return
            }
            channel.writeAndFlush(ByteBuffer(bytes: message.frame.encoded()), promise: nil)
        case .start(let timer, let duration):
            deadlines[timer] = .now() + TimeAmount(duration)
            setAlarm()
        case .cancel(let timer): deadlines[timer] = nil
        case .emit(let event):
            if case .reconnecting = event { backend.traffic.reconnect() }
            observer(event)
        case .complete(let id, let result): requests.removeValue(forKey: id)?.resume(returning: result)
        case .learn(let trait): backend.learn(trait)
        case .disconnect: dropConnection()
        case .close: close()
        }
    }

    private func awaitTurn(isFirst: Bool) {
        returnTurn()
        let eventLoop = eventLoop
        turn = backend.signInTurns.ask(isFirst: isFirst) { number in
            eventLoop.execute { self.assumeIsolated { $0.turnCame(number) } }
        }
    }

    private func turnCame(_ number: SignInTurns.Number) {
        // It may have been given back between the grant and this call.
        guard turn == number else { return }
        step { $0.turnGranted() }
    }

    private func returnTurn() {
        if let turn { backend.signInTurns.giveBack(turn) }
        turn = nil
    }

    /// Makes sure that the loop wakes the session in time for its next deadline.
    ///
    /// NIO looks for a cancelled task among all of a loop's, which with thousands of sessions costs more than it saves:
    /// timers that are cancelled or put off just find nothing due, and set the alarm anew.
    private func setAlarm() {
        guard let next = deadlines.values.min() else { return }
        if let alarm, alarm.deadline <= next { return }
        alarm = (next, eventLoop.scheduleTask(deadline: next) { self.assumeIsolated { $0.alarmRang(next) } })
    }

    private func alarmRang(_ deadline: NIODeadline) {
        // An earlier deadline may have set another alarm since.
        if alarm?.deadline == deadline { alarm = nil }
        let now = NIODeadline.now()
        for (timer, due) in deadlines.sorted(by: { $0.value < $1.value }) where due <= now {
            // What an earlier timer did may have cancelled or put off this one.
            guard deadlines[timer] == due else { continue }
            deadlines[timer] = nil
            step { $0.timerFired(timer) }
        }
        setAlarm()
    }

    private func close() {
        returnTurn()
        dropConnection()
        alarm?.task.cancel()
        alarm = nil
        deadlines = [:]
        hasEnded = true
        for continuation in waitingForEnd { continuation.resume() }
        waitingForEnd = []
    }

    private func dropConnection() {
        generation += 1
        connectDeadline?.cancel()
        connectDeadline = nil
        channel?.close(promise: nil)
        channel = nil
    }

    // MARK: - Connections

    private func connect(to address: ServerAddress) {
        dropConnection()
        floodMeter = FloodMeter()
        let generation = generation
        let deadline = NIODeadline.now() + backend.configuration.connectTimeout
        connectDeadline = eventLoop.scheduleTask(deadline: deadline) {
            self.assumeIsolated { $0.connectFailed(.timedOut, generation) }
        }
        Task { await self.establish(address, deadline, generation) }
    }

    private func establish(_ address: ServerAddress, _ deadline: NIODeadline, _ generation: Int) async {
        let endpoints: [SocketAddress]
        do {
            endpoints = try await backend.endpoints(of: address)
        } catch {
            connectFailed(error.reason, generation)
            return
        }
        for (index, endpoint) in endpoints.enumerated() {
            guard generation == self.generation else { return }
            let remaining = deadline - .now()
            guard remaining > .nanoseconds(0) else { break }
            // An address that swallows packets may not use up the time of those after it.
            let share = TimeAmount.nanoseconds(remaining.nanoseconds / Int64(endpoints.count - index))
            guard let channel = try? await open(endpoint, share, generation) else { continue }
            connected(channel, generation)
            return
        }
        connectFailed(.refused, generation)
    }

    private func open(
        _ endpoint: SocketAddress, _ timeout: TimeAmount, _ generation: Int
    ) async throws -> any Channel {
        try await ClientBootstrap(group: eventLoop)
            .connectTimeout(timeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.socketOption(.so_rcvbuf), value: .init(FrameHandler.receiveBuffer))
            .channelOption(.maxMessagesPerRead, value: FrameHandler.readsPerEvent)
            .channelOption(TCPLiveness.idleOption, value: TCPLiveness.idleSeconds)
            .channelOption(TCPLiveness.intervalOption, value: TCPLiveness.intervalSeconds)
            .channelOption(TCPLiveness.countOption, value: TCPLiveness.count)
            .channelOption(TCPLiveness.userTimeoutOption, value: TCPLiveness.userTimeoutMilliseconds)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        FrameHandler(traffic: self.backend.traffic) { event in
                            self.assumeIsolated { $0.heard(event, generation) }
                        })
                }
            }
            .connect(to: endpoint).get()
    }

    private func connected(_ channel: any Channel, _ generation: Int) {
        guard generation == self.generation, !hasEnded else {
            channel.close(promise: nil)
            return
        }
        connectDeadline?.cancel()
        connectDeadline = nil
        self.channel = channel
        step { $0.connected() }
        // It may have closed between the connection and this call, and then its end was not for us to hear.
        if !channel.isActive, generation == self.generation { step { $0.disconnected() } }
    }

    private func connectFailed(_ reason: UnreachableReason, _ generation: Int) {
        guard generation == self.generation, channel == nil, !hasEnded else { return }
        dropConnection()
        step { $0.connectFailed(reason) }
    }

    private func heard(_ event: FrameHandler.Event, _ generation: Int) {
        guard generation == self.generation, channel != nil else { return }
        switch event {
        case .frame(let frame):
            lastReceived.store(now(), ordering: .relaxed)
            let isAdmitted = floodMeter.admits(frame, at: Int64(NIODeadline.now().uptimeNanoseconds))
            step { isAdmitted ? $0.received(frame) : $0.flooded() }
        case .framingFailed(let error): step { $0.framingFailed(error) }
        case .closed(let isBroken):
            if !isBroken { step { $0.closedInOrder() } }
            channel = nil
            step { $0.disconnected() }
        }
    }
}
