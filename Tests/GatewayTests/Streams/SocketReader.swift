import Locking
import NIOCore
import NIOPosix
import TestSupport
import Testing

/// A client on a real socket that can stop reading.
final class SocketReader: Sendable {
    private struct State: Sendable {
        /// The head, and what the chunks held.
        var bytes: [UInt8] = []
        /// What came behind it and is no whole chunk yet.
        private var rest: [UInt8] = []
        private var isInBody = false
        private(set) var isWhole = false
        /// What was waited for before is in front of this.
        var mark = 0
        var isClosed = false
        var waiter: (text: [UInt8], wait: Wait<Void>)?

        mutating func take(_ piece: some Sequence<UInt8>) {
            rest += piece
            if !isInBody, let end = rest.firstRange(of: Array("\r\n\r\n".utf8)) {
                isInBody = true
                bytes += rest[..<end.upperBound]
                rest.removeSubrange(..<end.upperBound)
            }
            guard isInBody else { return }
            var place = 0
            while let end = rest[place...].firstIndex(of: 0x0D),
                let size = Int(String(decoding: rest[place..<end], as: UTF8.self), radix: 16),
                rest.count >= end + 2 + size + 2
            {
                bytes += rest[(end + 2)..<(end + 2 + size)]
                place = end + 2 + size + 2
                if size == 0 { isWhole = true }
            }
            rest.removeSubrange(..<place)
        }

        /// The one who waits, if that is over.
        mutating func find() -> Wait<Void>? {
            guard let (wanted, wait) = waiter else { return nil }
            let last = bytes.count - wanted.count
            while mark <= last, !bytes[mark...].starts(with: wanted) { mark += 1 }
            guard mark <= last || isClosed else { return nil }
            waiter = nil
            return wait
        }
    }

    private let channel: any Channel
    private let state = Locked(State())
    let closed = Recorder<Void>()

    private init(_ channel: any Channel) { self.channel = channel }

    /// Connects; its kernel holds no more than some kilobytes.
    static func connect(port: Int) async throws -> SocketReader {
        let made = Locked<SocketReader?>(nil)
        _ = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.socketOption(.so_rcvbuf), value: 16 * 1024)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let reader = SocketReader(channel)
                    made.withLock { $0 = reader }
                    try channel.pipeline.syncOperations.addHandler(Handler(reader: reader))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        guard let reader = made.withLock({ $0 }) else { throw TestError("not connected") }
        return reader
    }

    func get(_ target: String, token: String) async throws {
        let head = "GET \(target) HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer \(token)\r\n\r\n"
        try await channel.writeAndFlush(ByteBuffer(string: head))
    }

    func read(_ reads: Bool) async throws { try await channel.setOption(.autoRead, value: reads).get() }

    func close() { channel.close(promise: nil) }

    /// Waits until a text has come in the head or the body, behind the one waited for before; or the end.
    func until(_ text: String) async throws {
        try await waiting { wait in
            let found = state.withLock { state in
                state.waiter = (Array(text.utf8), wait)
                return state.find()
            }
            found?.end()
        }
    }

    /// The head and the body so far, without the frames of chunks.
    var text: String { String(decoding: state.withLock { $0.bytes }, as: UTF8.self) }
    /// Whether the last chunk has come.
    var isWhole: Bool { state.withLock { $0.isWhole } }

    /// The events of the body so far.
    var items: [EventStreamParser.Item] {
        let all = state.withLock { $0.bytes }
        guard let body = all.firstRange(of: Array("\r\n\r\n".utf8)) else { return [] }
        var parser = EventStreamParser()
        return parser.take(Array(all[body.upperBound...]))
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let reader: SocketReader

        init(reader: SocketReader) { self.reader = reader }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            let found = reader.state.withLock { state in
                state.take(buffer.readableBytesView)
                return state.find()
            }
            found?.end()
        }

        func channelInactive(context: ChannelHandlerContext) {
            let found = reader.state.withLock { state in
                state.isClosed = true
                return state.find()
            }
            found?.end()
            reader.closed.record(())
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
