package import MSNP
package import NIOCore
import NIOPosix

/// An MSN server on TCP: dispatch, notification and switchboard servers in front of one `World`.
///
/// All live on one event loop. Any MSN client can use it; it needs nothing of a gateway.
package final class Server: Sendable {
    /// Connections that the kernel may hold until they are accepted: a burst of one second's sign-ins, both hops.
    private static let backlog: Int32 = 2_048

    /// Where clients start.
    package let dispatchAddress: ServerAddress
    /// Where the dispatch server refers them to, as seen from this machine.
    package let notificationAddress: ServerAddress
    /// Where conversations take place, as seen from this machine.
    package let switchboardAddress: ServerAddress

    private let loop: any EventLoop
    private let engine: NIOLoopBound<Engine>
    private let listeners: [any Channel]

    private init(
        loop: any EventLoop, engine: NIOLoopBound<Engine>, dispatch: any Channel, notification: any Channel,
        switchboard: any Channel
    ) throws {
        self.loop = loop
        self.engine = engine
        listeners = [dispatch, notification, switchboard]
        dispatchAddress = try Self.address(of: dispatch)
        notificationAddress = try Self.address(of: notification)
        switchboardAddress = try Self.address(of: switchboard)
    }

    /// Binds the ports and serves until `shutdown()`; throws what binding throws.
    package static func start(
        _ configuration: Configuration, group: any EventLoopGroup
    ) async throws -> Server {
        let loop = group.next()
        let engine = try await loop.submit {
            NIOLoopBound(Engine(configuration, loop: loop), eventLoop: loop)
        }.get()
        var listeners: [any Channel] = []
        do {
            // The dispatch server last, so that no client can be referred to a server that isn't there.
            let notification = try await bootstrap(.notification, configuration, loop, engine)
                .bind(host: configuration.host, port: 0).get()
            listeners.append(notification)
            // A host name may stand for several addresses: all servers listen on the same one.
            let address = try self.address(of: notification)
            let switchboard = try await bootstrap(.switchboard, configuration, loop, engine)
                .bind(to: SocketAddress(ipAddress: address.host, port: 0)).get()
            listeners.append(switchboard)
            let switchboardPort = try self.address(of: switchboard).port
            try await loop.submit {
                engine.value.notificationPort = address.port
                engine.value.switchboardPort = switchboardPort
            }.get()
            let dispatch = try await bootstrap(.dispatch, configuration, loop, engine)
                .bind(to: SocketAddress(ipAddress: address.host, port: configuration.port)).get()
            listeners.append(dispatch)
            return try Server(
                loop: loop, engine: engine, dispatch: dispatch, notification: notification, switchboard: switchboard)
        } catch {
            for listener in listeners { try? await listener.close() }
            throw error
        }
    }

    private static func bootstrap(
        _ role: Role, _ configuration: Configuration, _ loop: any EventLoop,
        _ engine: NIOLoopBound<Engine>
    ) -> ServerBootstrap {
        let limits = configuration.limits
        let takesOne = configuration.takesOneCommandPerRead
        let waterMark = ChannelOptions.Types.WriteBufferWaterMark(
            low: limits.writeBuffer / 2, high: limits.writeBuffer)
        return ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: backlog)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.socketOption(.so_keepalive), value: 1)
            .childChannelOption(.writeBufferWaterMark, value: waterMark)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        ConnectionHandler(role, engine.value, takesOneCommandPerRead: takesOne))
                }
            }
    }

    private static func address(of listener: any Channel) throws -> ServerAddress {
        guard let address = listener.localAddress, let host = address.ipAddress, let port = address.port,
            let port = UInt16(exactly: port)
        else { throw ChannelError.unknownLocalAddress }
        return ServerAddress(host: host, port: port)
    }

    /// Orders a fault for an account, or for everybody, and says whether it struck somebody or waits for its occasion.
    ///
    /// `count` is how often `busy`, `wrongChallenge`, `nak`, `mail`, `page` and `alert` strike (once unless given), how
    /// many commands `stall` swallows (all unless given), and the minutes until a `shutdown` (none unless given).
    package func order(_ fault: Fault, account: String? = nil, count: Int? = nil) async -> Bool {
        let engine = engine
        // A loop that is gone takes no orders.
        return (try? await loop.submit { engine.value.order(fault, account: account, count: count) }.get()) ?? false
    }

    /// Edits an account's lists as from elsewhere, such as a website; whether that changed something.
    package func edit(_ edit: ListEdit, of account: String) async -> Bool {
        let engine = engine
        return (try? await loop.submit { engine.value.edit(edit, of: account) }.get()) ?? false
    }

    /// What an account has now; nil for a stranger and once the server is shut down.
    package func account(_ handle: String) async -> AccountState? {
        let engine = engine
        return try? await loop.submit { engine.value.account(handle) }.get()
    }

    /// Says `OUT SSD` to everybody and returns when all is closed.
    package func shutdown() async throws {
        for listener in listeners { try? await listener.close() }
        let engine = engine
        try await loop.flatSubmit { engine.value.shutdown() }.get()
    }
}
