import HTTPFront
import Locking
import NIOCore
import NIOPosix

/// The other end of a connection: sends any bytes, and waits for what comes back.
final class RawClient: Sendable {
    struct ConnectionClosed: Error {}

    private struct State: Sendable {
        var bytes: [UInt8] = []
        var isClosed = false
        /// Looks at the state after each change; true when it has what it waited for.
        var waiter: (@Sendable (inout State) -> Bool)?

        mutating func changed() {
            if let waiter, waiter(&self) { self.waiter = nil }
        }
    }

    private let channel: any Channel
    private let state: Locked<State>

    private init(_ channel: any Channel) {
        self.channel = channel
        state = Locked(State())
    }

    static func connect(to server: HTTPServer) async throws -> RawClient {
        let made = Locked<RawClient?>(nil)
        _ = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: false)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let client = RawClient(channel)
                    made.withLock { $0 = client }
                    try channel.pipeline.syncOperations.addHandler(Handler(client: client))
                }
            }
            .connect(host: server.address.host, port: Int(server.address.port)).get()
        guard let client = made.withLock({ $0 }) else { throw ConnectionClosed() }
        return client
    }

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)) }

    /// The next response.
    func response(toHead: Bool = false) async throws -> WireResponse {
        try await wait { state in
            if let response = WireResponse.take(from: &state.bytes, toHead: toHead) { return .success(response) }
            return state.isClosed ? .failure(ConnectionClosed()) : nil
        }
    }

    /// Waits until the server has closed.
    ///
    /// Returns what came before and nobody took.
    func end() async throws -> [UInt8] {
        try await wait { $0.isClosed ? .success($0.bytes) : nil }
    }

    func close() { channel.close(promise: nil) }

    /// Closes the sending half alone.
    func closeSending() async throws { try await channel.close(mode: .output) }

    private func wait<T: Sendable>(_ ready: @escaping @Sendable (inout State) -> Result<T, any Error>?) async throws
        -> T
    {
        try await withCheckedThrowingContinuation { continuation in
            state.withLock { state in
                state.waiter = { state in
                    guard let result = ready(&state) else { return false }
                    continuation.resume(with: result)
                    return true
                }
                state.changed()
            }
        }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let client: RawClient

        init(client: RawClient) { self.client = client }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            client.state.withLock { state in
                state.bytes.append(contentsOf: buffer.readableBytesView)
                state.changed()
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            client.state.withLock { state in
                state.isClosed = true
                state.changed()
            }
        }

        // A reset is an end, too.
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
