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

    /// Connects; with `receiveBuffer` its kernel holds no more than about so many bytes.
    static func connect(to server: HTTPServer, receiveBuffer: Int? = nil) async throws -> RawClient {
        try await connect(to: server.address, receiveBuffer: receiveBuffer)
    }

    static func connect(to address: ListenAddress, receiveBuffer: Int? = nil) async throws -> RawClient {
        let made = Locked<RawClient?>(nil)
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: false)
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: .init(receiveBuffer))
        }
        let ready =
            bootstrap
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let client = RawClient(channel)
                    made.withLock { $0 = client }
                    try channel.pipeline.syncOperations.addHandler(Handler(client: client))
                }
            }
        switch address {
        case .tcp(let host, let port): _ = try await ready.connect(host: host, port: Int(port)).get()
        case .unix(let path): _ = try await ready.connect(unixDomainSocketPath: path).get()
        }
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

    /// Takes everything up to and with a text, once it is there.
    func take(until text: String) async throws -> String {
        try await wait { state in
            let wanted = Array(text.utf8)
            let starts = 0..<max(0, state.bytes.count - wanted.count + 1)
            guard let start = starts.first(where: { state.bytes[$0..<$0 + wanted.count].elementsEqual(wanted) }) else {
                return state.isClosed ? .failure(ConnectionClosed()) : nil
            }
            defer { state.bytes.removeFirst(start + wanted.count) }
            return .success(String(decoding: state.bytes[..<(start + wanted.count)], as: UTF8.self))
        }
    }

    /// Takes so many bytes, once they are there.
    func take(_ count: Int) async throws -> [UInt8] {
        try await wait { state in
            guard state.bytes.count >= count else { return state.isClosed ? .failure(ConnectionClosed()) : nil }
            defer { state.bytes.removeFirst(count) }
            return .success(Array(state.bytes[..<count]))
        }
    }

    /// Stops or goes on taking bytes from the socket.
    func read(_ reads: Bool) async throws { try await channel.setOption(.autoRead, value: reads).get() }

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
