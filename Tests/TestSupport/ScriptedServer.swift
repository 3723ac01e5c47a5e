import Glibc
import Locking
package import MSNP
import NIOCore
import NIOPosix

/// A server on a free port of 127.0.0.1 that does as its script says.
package final class ScriptedServer: Sendable {
    private struct State: Sendable {
        var script: Script
        var connections: [Int: any Channel] = [:]
        var accepted = 0
    }

    private let state: Locked<State>
    private let listener: Locked<(any Channel)?>
    /// Each line that was received, as `connection` and text without its payload.
    package let received = Recorder<ReceivedLine>()
    /// The number of each connection once it is closed.
    package let closed = Recorder<Int>()

    /// One line from a client.
    package struct ReceivedLine: Sendable, Equatable {
        /// 1 for the first connection.
        package let connection: Int
        package let text: String
    }

    private init(_ script: Script) {
        state = Locked(State(script: script))
        listener = Locked(nil)
    }

    /// Listens on a free port, or on one where a server listened before.
    package static func start(_ script: Script, port: UInt16 = 0) async throws -> ScriptedServer {
        let server = ScriptedServer(script)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(server: server))
                }
            }
            .bind(host: "127.0.0.1", port: Int(port)).get()
        server.listener.withLock { $0 = channel }
        return server
    }

    /// Where it listens.
    package var address: ServerAddress {
        let port = listener.withLock { $0?.localAddress?.port } ?? 0
        return ServerAddress(host: "127.0.0.1", port: UInt16(port))
    }

    /// Edits the script; what was answered before stays.
    package func change(_ body: (inout Script) -> Void) { state.withLock { body(&$0.script) } }

    /// Says something unasked on a connection; `1` is the first.
    package func say(_ lines: String..., on connection: Int = 1) {
        send(Array(lines.map { $0 + "\r\n" }.joined().utf8), on: connection)
    }

    /// Says bytes unasked on a connection; `1` is the first.
    package func send(_ bytes: [UInt8], on connection: Int = 1) {
        let channel = state.withLock { $0.connections[connection] }
        channel?.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
    }

    /// Returns when the other side's kernel has the bytes, whether or not anybody reads them.
    ///
    /// Its kernel has acknowledged them then. That ours took them says less: a busy machine carries them over later.
    package func deliver(_ bytes: [UInt8], on connection: Int = 1) async throws {
        guard let channel = state.withLock({ $0.connections[connection] }) else { return }
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
        guard let options = channel as? any SocketOptionProvider else { return }
        while try await options.getTCPInfo().get().tcpi_unacked > 0 { await Task.yield() }
    }

    /// Closes a connection without a word.
    package func drop(_ connection: Int = 1) {
        let channel = state.withLock { $0.connections[connection] }
        channel?.close(promise: nil)
    }

    /// Ends a connection with a reset, as a machine that has crashed does.
    package func reset(_ connection: Int = 1) {
        let channel = state.withLock { $0.connections[connection] }
        // Closing with unsent data thrown away is what makes the kernel send RST.
        (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in
            channel?.close(promise: nil)
        }
    }

    /// How many connections there have been.
    package var accepted: Int { state.withLock { $0.accepted } }

    /// Closes all connections, and the port.
    package func stop() async throws {
        // The port first: a client that comes back at once is not to find it open.
        try await listener.withLock { $0 }?.close()
        let channels = state.withLock { Array($0.connections.values) }
        for channel in channels { channel.close(promise: nil) }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let server: ScriptedServer
        private var decoder = FrameDecoder(.fromClient)
        private var number = 0

        init(server: ScriptedServer) { self.server = server }

        func channelActive(context: ChannelHandlerContext) {
            let channel = context.channel
            number = server.state.withLock { state in
                state.accepted += 1
                state.connections[state.accepted] = channel
                return state.accepted
            }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            decoder.append(buffer.readableBytesUInt8Span)
            while let frame = try? decoder.next() {
                let text = ([frame.command] + frame.parameters).joined(separator: " ")
                // Looked up before the line is told of: a test that then changes the script means what comes after.
                let answer = server.state.withLock { $0.script.answers[frame.command] }
                server.received.record(ReceivedLine(connection: number, text: text))
                let replies = answer?(frame) ?? []
                let channel = context.channel
                // In line with what `say` has put there from other threads: an answer stands behind all of that.
                context.eventLoop.execute {
                    for reply in replies {
                        switch reply {
                        case .line(let line): channel.writeAndFlush(ByteBuffer(string: line + "\r\n"), promise: nil)
                        case .raw(let bytes): channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
                        case .close: channel.close(promise: nil)
                        }
                    }
                }
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            _ = server.state.withLock { $0.connections.removeValue(forKey: number) }
            server.closed.record(number)
        }
    }
}
