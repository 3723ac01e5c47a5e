import MSNP
import NIOCore

/// Feeds a channel's bytes through a `FrameDecoder` and reports what comes of it, on the channel's event loop.
final class FrameHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// What a connection does.
    enum Event {
        case frame(Frame)
        case framingFailed(FramingError)
        case closed
    }

    private var decoder = FrameDecoder(.fromServer)
    private var report: ((Event) -> Void)?

    init(report: @escaping (Event) -> Void) {
        self.report = report
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        decoder.append(buffer.readableBytesUInt8Span)
        do {
            while let frame = try decoder.next() {
                // The report may end the session, and with it the interest in what follows.
                guard let report else { return }
                report(.frame(frame))
            }
        } catch {
            report?(.framingFailed(error))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        let report = report
        self.report = nil
        report?(.closed)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset is a close with a reason that changes nothing.
        context.close(promise: nil)
    }
}
