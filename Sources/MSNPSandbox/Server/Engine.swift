import Glibc
import Loops
import MSNP

/// Carries out on sockets what a `World` says, and tells it the time.
///
/// The actor's executor is the one event loop on which all of it happens, so sockets call it without a hop or a lock.
actor Engine {
    /// Connections that the kernel may hold until they are accepted: a burst of one second's sign-ins, both hops.
    private static let backlog: Int32 = 2_048
    private static let options = [
        Socket.Option(level: Int32(IPPROTO_TCP), name: TCP_NODELAY, value: 1),
        Socket.Option(level: SOL_SOCKET, name: SO_KEEPALIVE, value: 1),
    ]

    /// The ports that referrals name; set before the first client can connect to the dispatch server.
    private var notificationPort: UInt16 = 0
    private var switchboardPort: UInt16 = 0

    private let loop: EventLoop
    private let limits: Limits
    private let takesOneCommandPerRead: Bool
    private let started = MonotonicInstant.now
    private var world: World
    /// One for each server.
    private var listeners: [Listener] = []
    /// All open sockets, those of connections that the world has already ended included.
    private var sockets: [ConnectionID: Socket] = [:]
    // Not timers of the event loop: cancelling one of those searches all the others.
    /// Connections that we have ended and that get closed whole.
    private var closesDue = Deadlines<ConnectionID>()
    /// Connections whose silence is looked at.
    private var idlesDue = Deadlines<ConnectionID>()
    /// Connections that have said something since their silence was looked at last.
    private var talkative: Set<ConnectionID> = []
    private var lastNumber: UInt64 = 0
    private var timer: (due: Duration, timer: LoopTimer)?
    private var isShutDown = false
    private var waitingForEnd: [CheckedContinuation<Void, Never>] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // The engine holds it.
        unsafe loop.asUnownedSerialExecutor()
    }

    init(_ configuration: Configuration, on loop: EventLoop) {
        self.loop = loop
        limits = configuration.limits
        takesOneCommandPerRead = configuration.takesOneCommandPerRead
        world = World(configuration, startedAt: Int64(time(nil)))
    }

    private var now: Duration { .now - started }

    /// Has all three servers listen, on the same address.
    ///
    /// The dispatch server comes last, so that no client can be referred to a server that isn't there.
    func listen(at wanted: TCPEndpoint) throws(SystemCallError) -> (
        dispatch: TCPEndpoint, notification: TCPEndpoint, switchboard: TCPEndpoint
    ) {
        let notification = try listen(.notification, at: wanted.with(port: 0))
        let switchboard = try listen(.switchboard, at: wanted.with(port: 0))
        (notificationPort, switchboardPort) = (notification.port, switchboard.port)
        return (try listen(.dispatch, at: wanted), notification, switchboard)
    }

    private func listen(_ role: Role, at endpoint: TCPEndpoint) throws(SystemCallError) -> TCPEndpoint {
        let listener = try Listener(
            at: endpoint, on: loop, backlog: Self.backlog, Self.options, unsent: limits.writeBuffer
        ) { [self] in open($0, role) }
        listeners.append(listener)
        return listener.endpoint
    }

    /// Takes a new connection in, or closes it where there is no room for it.
    private func open(_ socket: Socket, _ role: Role) {
        guard !isShutDown, sockets.count < limits.connections,
            let host = socket.localEndpoint.map({ Self.plain($0.literal) })
        else { return socket.close() }
        lastNumber += 1
        let id = ConnectionID(number: lastNumber)
        sockets[id] = socket
        let addresses = Addresses(
            notification: ServerAddress(host: host, port: notificationPort),
            switchboard: ServerAddress(host: host, port: switchboardPort))
        world.open(id, role, addresses, at: now)
        // Who only listens in a conversation is not idle; the world ends rooms in which nobody talks.
        if role != .switchboard { idlesDue.append(id, due: now + limits.idleTime) }
        armTimer()
        socket.start(ConnectionHandler(id, self, takesOneCommandPerRead: takesOneCommandPerRead))
    }

    /// A listener on `::` shows IPv4 clients' addresses in IPv6 form; such a client can only dial the plain one.
    private static func plain(_ host: String) -> String {
        let prefix = "::ffff:"
        return host.hasPrefix(prefix) && host.contains(".") ? String(host.dropFirst(prefix.count)) : host
    }

    /// Whole commands of one read, whose answers go out in one write.
    func receive(_ frames: [Frame], on id: ConnectionID) {
        talkative.insert(id)
        var deliveries: [Delivery] = []
        for frame in frames { deliveries += world.receive(frame, on: id, at: now) }
        carryOut(deliveries)
    }

    func abort(_ id: ConnectionID) { carryOut(world.abort(id, at: now)) }

    func closed(_ id: ConnectionID) {
        sockets[id] = nil
        talkative.remove(id)
        carryOut(world.closed(id, at: now))
        tellEnd()
    }

    /// One that is shut down takes no orders.
    func order(_ fault: Fault, account: String?, count: Int?) -> Bool {
        isShutDown ? false : strike(fault, account, count)
    }

    private func strike(_ fault: Fault, _ account: String?, _ count: Int?) -> Bool {
        let (affected, deliveries) = world.order(fault, account: account, count: count, at: now)
        carryOut(deliveries)
        return affected
    }

    func edit(_ edit: ListEdit, of account: String) -> Bool {
        guard !isShutDown else { return false }
        let (changed, deliveries) = world.edit(edit, of: account, at: now)
        carryOut(deliveries)
        return changed
    }

    /// What an account has now; nil for a stranger and once it is shut down.
    func account(_ handle: String) -> AccountState? {
        isShutDown ? nil : world.account(named: handle).map { AccountState($0, in: world) }
    }

    /// Ends everything; returns when the last connection is closed.
    func shutdown() async {
        beginShutdown()
        guard !sockets.isEmpty else { return }
        await withCheckedContinuation { waitingForEnd.append($0) }
    }

    private func beginShutdown() {
        guard !isShutDown else { return }
        isShutDown = true
        for listener in listeners { listener.close() }
        listeners = []
        _ = strike(.shutdown, nil, nil)
        for (id, socket) in sockets {
            closesDue.append(id, due: now + limits.closeTime)
            socket.closeAfterWriting()
        }
        armTimer()
    }

    private func tellEnd() {
        guard isShutDown, sockets.isEmpty else { return }
        let waiting = waitingForEnd
        waitingForEnd = []
        for continuation in waiting { continuation.resume() }
    }

    private func carryOut(_ deliveries: [Delivery]) {
        var writes: [ConnectionID: [UInt8]] = [:]
        for delivery in deliveries {
            let id = delivery.connection
            guard let socket = sockets[id] else { continue }
            switch delivery.action {
            case .send(let frame): writes[id, default: []] += frame.encoded()
            case .sendBytes(let bytes): writes[id, default: []] += bytes
            case .close:
                send(writes.removeValue(forKey: id), to: socket)
                finish(id, socket)
            case .drop:
                send(writes.removeValue(forKey: id), to: socket)
                socket.close()
            }
        }
        for (id, bytes) in writes {
            if let socket = sockets[id] { send(bytes, to: socket) }
        }
        armTimer()
    }

    private func send(_ bytes: [UInt8]?, to socket: Socket) {
        guard let bytes else { return }
        socket.write(bytes)
        // More waits for this client than a client that reads would let grow.
        if !socket.isWritable { socket.close() }
    }

    /// Closes our side once the last bytes are out, then waits a while for the client to close its own.
    ///
    /// Closing both at once while the client still sends would make the kernel reset the connection, and with it
    /// take back an error that the client has not read yet.
    private func finish(_ id: ConnectionID, _ socket: Socket) {
        socket.closeOutput()
        closesDue.append(id, due: now + limits.closeTime)
    }

    private func advance() {
        while let id = closesDue.popDue(at: now) { sockets[id]?.close() }
        while let id = idlesDue.popDue(at: now) {
            guard sockets[id] != nil else { continue }
            if talkative.remove(id) == nil {
                abort(id)
            } else {
                idlesDue.append(id, due: now + limits.idleTime)
            }
        }
        carryOut(world.advance(to: now))
    }

    private func armTimer() {
        // Nobody is waited for any more.
        if isShutDown, sockets.isEmpty {
            timer?.timer.cancel()
            timer = nil
            return
        }
        guard let due = [world.nextDeadline, closesDue.next, idlesDue.next].compactMap(\.self).min() else { return }
        if let timer, timer.due <= due { return }
        timer?.timer.cancel()
        timer = (due, loop.at(started + due) { [weak self] in self?.assumeIsolated { $0.timerRang() } })
    }

    private func timerRang() {
        timer = nil
        advance()
    }
}
