import Locking
import MSNP
import NIOCore
import NIOPosix

/// Stands before a sandbox's two servers on ports that stay the same, and counts the sign-ins that are in flight: from
/// the connection until the referral, `USR OK` or its end.
final class CountingFront: Sendable {
    private struct State: Sendable {
        var inFlight = 0
        var most = 0
        var signIns = 0
        var listeners: [any Channel] = []
        var connections: [ObjectIdentifier: any Channel] = [:]
    }

    /// Connections to this address come from 127.0.0.1: one that is made while nobody listens can't meet itself, as it
    /// can when the kernel picks the port that it calls for its own end.
    private static let host = "127.0.0.2"
    /// A crowd's connections at once.
    private static let backlog: Int32 = 2048

    private let state = Locked(State())
    private let group = MultiThreadedEventLoopGroup.singleton
    private let ports: Locked<(dispatch: Int, notification: Int)> = Locked((0, 0))

    /// The most sign-ins that were ever in flight together, and how many connections there were.
    var most: Int { state.withLock { $0.most } }
    var signIns: Int { state.withLock { $0.signIns } }

    var address: ServerAddress { ServerAddress(host: Self.host, port: UInt16(ports.withLock { $0.dispatch })) }

    /// Listens for a sandbox; again on the same ports when it did before.
    func open(_ dispatch: ServerAddress, _ notification: ServerAddress) async throws {
        // The dispatch server last, so that nobody is referred to what isn't there.
        let known = ports.withLock { $0 }
        let second = try await listen(known.notification, notification)
        ports.withLock { $0.notification = second }
        let first = try await listen(known.dispatch, dispatch)
        ports.withLock { $0.dispatch = first }
    }

    private func listen(_ port: Int, _ target: ServerAddress) async throws -> Int {
        let listener = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                client.eventLoop.makeCompletedFuture {
                    try client.pipeline.syncOperations.addHandler(Upstream(self, target))
                }
            }
            .bind(host: Self.host, port: port).get()
        state.withLock { $0.listeners.append(listener) }
        return listener.localAddress?.port ?? 0
    }

    /// Listens no more and closes what is open.
    func close() async throws {
        let (listeners, connections) = state.withLock { state in
            defer { (state.listeners, state.connections) = ([], [:]) }
            return (state.listeners, Array(state.connections.values))
        }
        for listener in listeners { try await listener.close() }
        for connection in connections { connection.close(promise: nil) }
    }

    fileprivate func began(_ client: any Channel) {
        state.withLock { state in
            state.inFlight += 1
            state.signIns += 1
            state.most = max(state.most, state.inFlight)
            state.connections[ObjectIdentifier(client)] = client
        }
    }

    fileprivate func ended() { state.withLock { $0.inFlight -= 1 } }

    fileprivate func closed(_ client: any Channel) {
        state.withLock { $0.connections[ObjectIdentifier(client)] = nil }
    }

    /// What the client hears instead of a referral.
    fileprivate func referral(_ line: String) -> String {
        let transaction = line.split(separator: " ").dropFirst().first ?? "0"
        return "XFR \(transaction) NS \(Self.host):\(ports.withLock { $0.notification }) 0\r\n"
    }
}

/// The client's side: connects to the real server, then passes on what the client says.
private final class Upstream: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let front: CountingFront
    private let target: ServerAddress
    private var server: (any Channel)?
    /// Whether the sign-in is still in flight.
    private var counts = false

    init(_ front: CountingFront, _ target: ServerAddress) {
        self.front = front
        self.target = target
    }

    func channelActive(context: ChannelHandlerContext) {
        counts = true
        front.began(context.channel)
        let client = context.channel
        let upstream = NIOLoopBound(self, eventLoop: context.eventLoop)
        // On the same loop, so that both directions are one after the other.
        ClientBootstrap(group: context.eventLoop)
            .channelInitializer { server in
                server.eventLoop.makeCompletedFuture {
                    try server.pipeline.syncOperations.addHandler(Downstream(upstream.value, client))
                }
            }
            .connect(host: target.host, port: Int(target.port))
            .assumeIsolated()
            .whenComplete { result in
                switch result {
                case .success(let server) where client.isActive:
                    upstream.value.server = server
                    // Reading begins only now, so that no byte comes before there is somewhere to put it.
                    client.setOption(.autoRead, value: true).whenFailure { _ in client.close(promise: nil) }
                case .success(let server): server.close(promise: nil)
                case .failure: client.close(promise: nil)
                }
            }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        server?.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        ended()
        front.closed(context.channel)
        server?.close(promise: nil)
    }

    /// Counts before the client knows: it may be here anew before this end has been told of its own close.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        ended()
        context.close(mode: mode, promise: promise)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.channel.close(promise: nil) }

    fileprivate func ended() {
        guard counts else { return }
        counts = false
        front.ended()
    }

    /// What the client is to hear of a line of the server's; counts before the client knows.
    fileprivate func passed(_ line: String) -> String {
        if line.hasPrefix("XFR ") {
            ended()
            return front.referral(line)
        }
        if line.hasPrefix("USR "), line.contains(" OK ") { ended() }
        return line
    }

    /// Until then the server speaks in lines alone.
    fileprivate var speaksInLines: Bool { counts }
}

/// The server's side.
private final class Downstream: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let upstream: Upstream
    private let client: any Channel
    private var unfinished = ByteBuffer()

    init(_ upstream: Upstream, _ client: any Channel) {
        self.upstream = upstream
        self.client = client
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        unfinished.writeBuffer(&bytes)
        var out = ByteBuffer()
        while upstream.speaksInLines, let end = unfinished.readableBytesView.firstIndex(of: 0x0A) {
            let length = end - unfinished.readerIndex + 1
            out.writeString(upstream.passed(unfinished.readString(length: length) ?? ""))
        }
        if !upstream.speaksInLines { out.writeBuffer(&unfinished) }
        if out.readableBytes > 0 { client.writeAndFlush(out, promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) { client.close(promise: nil) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
