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

    private let state = Locked(State())
    private let group = MultiThreadedEventLoopGroup.singleton
    private let ports: Locked<[Int]> = Locked([0, 0])

    /// The most sign-ins that were ever in flight together, and how many there were.
    var most: Int { state.withLock { $0.most } }
    var signIns: Int { state.withLock { $0.signIns } }

    var address: ServerAddress { ServerAddress(host: "127.0.0.1", port: UInt16(ports.withLock { $0[0] })) }

    /// Listens for a sandbox; again on the same ports when it did before.
    func open(_ dispatch: ServerAddress, _ notification: ServerAddress) async throws {
        for (index, target) in [dispatch, notification].enumerated() {
            let listener = try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 2048)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.autoRead, value: false)
                .childChannelInitializer { channel in self.began(channel, target) }
                .bind(host: "127.0.0.1", port: ports.withLock { $0[index] }).get()
            ports.withLock { $0[index] = listener.localAddress?.port ?? 0 }
            state.withLock { $0.listeners.append(listener) }
        }
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

    private func began(_ client: any Channel, _ target: ServerAddress) -> EventLoopFuture<Void> {
        state.withLock { state in
            state.inFlight += 1
            state.signIns += 1
            state.most = max(state.most, state.inFlight)
            state.connections[ObjectIdentifier(client)] = client
        }
        let leg = Leg()
        client.closeFuture.whenComplete { _ in
            self.ended(leg)
            self.state.withLock { $0.connections[ObjectIdentifier(client)] = nil }
        }
        // On the same loop, so that both directions are one after the other.
        return ClientBootstrap(group: client.eventLoop)
            .channelInitializer { server in
                server.eventLoop.makeCompletedFuture {
                    try server.pipeline.syncOperations.addHandler(
                        Pipe(to: client) { line in self.passed(line, leg) })
                }
            }
            .connect(host: target.host, port: Int(target.port))
            .flatMap { server in
                client.closeFuture.whenComplete { _ in server.close(promise: nil) }
                return client.eventLoop.makeCompletedFuture {
                    try client.pipeline.syncOperations.addHandler(Pipe(to: server) { $0 })
                    client.setOption(.autoRead, value: true).whenComplete { _ in client.read() }
                }
            }
    }

    /// Counts before the client hears of it, and keeps referrals on this side.
    private func passed(_ text: String, _ leg: Leg) -> String {
        if text.hasPrefix("XFR ") {
            ended(leg)
            let parts = text.split(separator: " ")
            return "XFR \(parts[1]) NS 127.0.0.1:\(ports.withLock { $0[1] }) 0\r\n"
        }
        if text.hasPrefix("USR "), text.contains(" OK ") { ended(leg) }
        return text
    }

    private func ended(_ leg: Leg) {
        guard leg.end() else { return }
        state.withLock { $0.inFlight -= 1 }
    }

    /// One connection's part of a sign-in.
    private final class Leg: Sendable {
        private let hasEnded = Locked(false)

        /// True once.
        func end() -> Bool {
            hasEnded.withLock { hasEnded in
                defer { hasEnded = true }
                return !hasEnded
            }
        }
    }

    private final class Pipe: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let other: any Channel
        private let change: (String) -> String

        init(to other: any Channel, _ change: @escaping (String) -> String) {
            self.other = other
            self.change = change
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let text = String(buffer: unwrapInboundIn(data))
            other.writeAndFlush(ByteBuffer(string: change(text)), promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }
    }
}
