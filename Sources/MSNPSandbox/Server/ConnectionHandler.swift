import MSNP
import NIOCore

/// Turns one client's bytes into frames for the engine.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let role: Role
    private let engine: Engine
    private var decoder = FrameDecoder(.fromClient)
    private var id: ConnectionID?
    private let takesOneCommandPerRead: Bool

    init(_ role: Role, _ engine: Engine, takesOneCommandPerRead: Bool) {
        self.role = role
        self.engine = engine
        self.takesOneCommandPerRead = takesOneCommandPerRead
    }

    func channelActive(context: ChannelHandlerContext) {
        id = engine.open(context.channel, role)
        if id == nil { context.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard let id else { return }
        let bytes = unwrapInboundIn(data)
        decoder.append(bytes.readableBytesUInt8Span)
        var frames: [Frame] = []
        do {
            while let frame = try decoder.next() {
                frames.append(frame)
                guard takesOneCommandPerRead else { continue }
                // What came with it is lost.
                decoder = FrameDecoder(.fromClient)
            }
            engine.receive(frames, on: id)
        } catch {
            engine.receive(frames, on: id)
            engine.abort(id)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let id { engine.closed(id) }
        id = nil
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        // More waits for this client than a client that reads would let grow.
        if !context.channel.isWritable { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A connection that broke: nothing can be said to it any more.
        context.close(promise: nil)
    }
}
