import MSNP
import NIOCore
import NIOPosix
import Testing

/// A raw socket that says lines and reads lines, as a person with telnet would.
final class LineClient {
    private let channel: any Channel
    private var frames: AsyncStream<Frame>.Iterator

    private init(_ channel: any Channel, _ frames: AsyncStream<Frame>) {
        self.channel = channel
        self.frames = frames.makeAsyncIterator()
    }

    /// With `lingering`, the client keeps its side open when the server closes.
    static func connect(
        _ address: ServerAddress, _ group: any EventLoopGroup, lingering: Bool = false
    ) async throws -> LineClient {
        let (frames, continuation) = AsyncStream.makeStream(of: Frame.self)
        let channel = try await ClientBootstrap(group: group)
            .channelOption(.allowRemoteHalfClosure, value: lingering)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Reader(continuation))
                }
            }
            .connect(host: address.host, port: Int(address.port)).get()
        return LineClient(channel, frames)
    }

    func send(_ line: String, payload: String? = nil) {
        let header = payload.map { "\(line) \($0.utf8.count)" } ?? line
        sendBytes(Array((header + "\r\n" + (payload ?? "")).utf8))
    }

    /// The server may have closed already, which the reading side finds out.
    func sendBytes(_ bytes: [UInt8]) { channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil) }

    /// The next line, nil when the server has closed.
    func next() async -> String? {
        guard let frame = await frames.next() else { return nil }
        return String(String(decoding: frame.encoded(), as: UTF8.self).prefix { !$0.isNewline })
    }

    /// Says a line and reads the answer's first line.
    func ask(_ line: String, payload: String? = nil) async -> String? {
        send(line, payload: payload)
        return await next()
    }

    /// All lines before the answer to a ping: what was on its way, and proof that nothing else was.
    func drain() async -> [String] {
        send("PNG")
        var lines: [String] = []
        while let line = await next(), line != "QNG" { lines.append(line) }
        return lines
    }

    /// From `VER` to the profile.
    func signIn(_ name: String, _ dialect: String = "MSNP6") async throws {
        try #require(await ask("VER 1 \(dialect) CVR0") == "VER 1 \(dialect)")
        let line = try #require(await ask("USR 2 MD5 I \(name)@example.com"))
        let challenge = try #require(line.split(separator: " ").last)
        let answer = await ask("USR 3 MD5 S \(digest(String(challenge), "sandbox"))")
        try #require(answer?.hasPrefix("USR 3 OK \(name)@example.com") == true)
        try #require(await next()?.hasPrefix("MSG Hotmail Hotmail") == true)
    }

    /// Signed in and online, with everything read that came of it.
    func comeOnline(_ name: String, _ status: String = "NLN") async throws {
        try await signIn(name)
        try #require(await ask("CHG 4 \(status)") == "CHG 4 \(status)")
        _ = await drain()
    }

    func close() async { try? await channel.close() }

    /// Reads nothing any more, so that what the server writes piles up.
    func stopReading() async throws { try await channel.setOption(.autoRead, value: false).get() }

    private final class Reader: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let frames: AsyncStream<Frame>.Continuation
        private var decoder = FrameDecoder(.fromServer)

        init(_ frames: AsyncStream<Frame>.Continuation) { self.frames = frames }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            decoder.append(bytes.readableBytesUInt8Span)
            while let frame = try? decoder.next() { frames.yield(frame) }
        }

        func channelInactive(context: ChannelHandlerContext) { frames.finish() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
