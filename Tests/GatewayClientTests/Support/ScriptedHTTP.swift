import Locking
import NIOCore
import NIOPosix
import TestSupport

/// A server for HTTP that answers as a test says, byte for byte.
final class ScriptedHTTP: Sendable {
    /// What it does about a request.
    enum Reply: Sendable {
        /// An answer, after which the connection stays.
        case answer(Int, String, fields: [String] = [])
        /// Bytes, after which the connection is closed.
        case cut(String)
        /// Nothing, for as long as the client is there.
        case silence
    }

    /// A request as it came.
    struct Request: Sendable {
        /// Counts them, from 1, on all connections.
        let number: Int
        /// Counts connections, from 1.
        let connection: Int
        let method: String
        let target: String
        /// In the order in which they came, with names in lower case.
        let fields: [(name: String, value: String)]
        let body: String

        func field(_ name: String) -> String? { fields.first { $0.name == name }?.value }
    }

    typealias Answer = @Sendable (Request) -> Reply

    /// Each request, once its body is there.
    let requests = Recorder<Request>()
    /// The number of each connection once it is closed.
    let closed = Recorder<Int>()
    private let answer: Answer
    private let counts = Locked((requests: 0, connections: 0))
    private let listener = Locked<(any Channel)?>(nil)

    private init(_ answer: @escaping Answer) { self.answer = answer }

    /// Listens on a free port of 127.0.0.1, or at a path.
    static func start(at path: String? = nil, _ answer: @escaping Answer) async throws -> ScriptedHTTP {
        let server = ScriptedHTTP(answer)
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(server))
                }
            }
        let channel =
            if let path { try await bootstrap.bind(unixDomainSocketPath: path).get() } else {
                try await bootstrap.bind(host: "127.0.0.1", port: 0).get()
            }
        server.listener.withLock { $0 = channel }
        return server
    }

    /// A problem document, as a gateway sends it.
    static func problem(_ status: Int, _ code: String, more: String = "", fields: [String] = []) -> Reply {
        .answer(
            status,
            """
            {"type":"/docs/problems#\(code)","title":"T","status":\(status),"detail":"D","instance":"/","code":"\(code)",\
            "requestId":"r"\(more)}
            """, fields: ["Content-Type: application/problem+json"] + fields)
    }

    var url: String { "http://127.0.0.1:\(listener.withLock { $0?.localAddress?.port } ?? 0)" }

    func stop() async throws { try await listener.withLock { $0 }?.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let server: ScriptedHTTP
        private var text = ""
        private var number = 0

        init(_ server: ScriptedHTTP) { self.server = server }

        func channelActive(context: ChannelHandlerContext) {
            number = server.counts.withLock { counts in
                counts.connections += 1
                return counts.connections
            }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            text += String(buffer: unwrapInboundIn(data))
            while let request = next() {
                server.requests.record(request)
                switch server.answer(request) {
                case .answer(let status, let body, let fields):
                    let own = fields.contains { $0.hasPrefix("Content-Type") } ? [] : ["Content-Type: application/json"]
                    let head = (["HTTP/1.1 \(status) Said", "Content-Length: \(body.utf8.count)"] + own + fields)
                    context.writeAndFlush(
                        NIOAny(ByteBuffer(string: head.joined(separator: "\r\n") + "\r\n\r\n" + body)), promise: nil)
                case .cut(let bytes):
                    let channel = context.channel
                    channel.writeAndFlush(ByteBuffer(string: bytes)).whenComplete { _ in channel.close(promise: nil) }
                case .silence: break
                }
            }
        }

        func channelInactive(context: ChannelHandlerContext) { server.closed.record(number) }

        /// The next whole request; bodies are ASCII here.
        private func next() -> Request? {
            let halves = text.components(at: "\r\n\r\n")
            guard halves.count == 2 else { return nil }
            var lines = halves[0].split(separator: "\r\n").map(String.init)
            let words = lines.removeFirst().split(separator: " ").map(String.init)
            let fields = lines.map { line in
                let parts = line.split(separator: ":", maxSplits: 1).map(String.init)
                return (name: parts[0].lowercased(), value: String(parts[1].drop { $0 == " " }))
            }
            let length = fields.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
            guard halves[1].utf8.count >= length else { return nil }
            text = String(halves[1].dropFirst(length))
            let count = server.counts.withLock { counts in
                counts.requests += 1
                return counts.requests
            }
            return Request(
                number: count, connection: number, method: words[0], target: words[1], fields: fields,
                body: String(halves[1].prefix(length)))
        }
    }
}

extension String {
    /// What lies before and behind the first of a separator; all of it where there is none.
    fileprivate func components(at separator: String) -> [String] {
        split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    }
}
