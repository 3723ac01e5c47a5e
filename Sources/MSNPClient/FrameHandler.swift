import MSNP
import NIOCore

/// Feeds a channel's bytes through a `FrameDecoder` and reports what comes of it, on the channel's event loop.
///
/// A few frames are reported as they come; what is more waits in the loop's `Backlog`, and the channel is not read while
/// it does. So neither the loop's time nor memory is the server's to fill.
final class FrameHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// What a connection does.
    enum Event {
        case frame(Frame)
        case framingFailed(FramingError)
        /// The other side closed, or with `isBroken` the network did.
        case closed(isBroken: Bool)
    }

    /// Frames that are reported at once: the answer to any request and what comes with it.
    static let promptFrames = 16
    /// And for how long, should they be expensive.
    static let promptTime: TimeAmount = .microseconds(500)
    /// Bytes that the kernel holds for a connection that is not read.
    ///
    /// NIO reads all of it at once when the other side closes, so without a bound that would be several megabytes.
    static let receiveBuffer = 128 * 1024
    /// Reads of up to 64 KiB for each time that the loop comes round to the socket.
    static let readsPerEvent: UInt = 1

    private var decoder = FrameDecoder(.fromServer)
    private var report: ((Event) -> Void)?
    private var context: ChannelHandlerContext?
    private let traffic: BackendTraffic?
    private var meter: TurnMeter?
    /// It is in the backlog.
    private var isWaiting = false
    /// It was there for what was read last: what it says next goes there too, until it has little to say again.
    private var isTalkative = false
    private var framesSinceRead = 0
    /// A read that was asked for while nothing may be read.
    private var wantsRead = false
    /// Nothing more is decoded: it can't be, or nobody listens.
    private var isDeaf = false
    private var isBroken = false
    private var isInactive = false

    /// `traffic` counts what goes through.
    init(traffic: BackendTraffic? = nil, report: @escaping (Event) -> Void) {
        self.traffic = traffic
        self.report = report
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        meter = .current
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDeaf else { return }
        let buffer = unwrapInboundIn(data)
        let now = NIODeadline.now()
        meter?.read(at: now)
        traffic?.receive(bytes: buffer.readableBytes)
        decoder.append(buffer.readableBytesUInt8Span)
        guard !isWaiting else { return }
        framesSinceRead = 0
        if isTalkative || decode(atMost: Self.promptFrames, until: now + Self.promptTime) {
            isTalkative = true
            isWaiting = true
            Backlog.current(on: context.eventLoop).add(self, on: context.eventLoop)
        }
    }

    /// Called from the backlog; true when there is more.
    func goOn(until end: NIODeadline) -> Bool {
        if decode(atMost: .max, until: end) { return true }
        isWaiting = false
        if framesSinceRead <= Self.promptFrames { isTalkative = false }
        if isInactive {
            tellClosed()
        } else if wantsRead {
            wantsRead = false
            context?.read()
        }
        return false
    }

    /// Reports frames; true when there may be more.
    private func decode(atMost most: Int, until end: NIODeadline) -> Bool {
        var count = 0
        defer { meter?.heard(count) }
        do {
            while count < most {
                // The report may close the connection, and with it the interest in what follows.
                guard !isDeaf, let frame = try decoder.next() else { return false }
                count += 1
                framesSinceRead += 1
                traffic?.receive(frame)
                report?(.frame(frame))
                if NIODeadline.now() >= end { break }
            }
            return !isDeaf && decoder.bufferedBytes > 0
        } catch {
            isDeaf = true
            report?(.framingFailed(error))
            return false
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        traffic?.send(bytes: unwrapOutboundIn(data).readableBytes)
        context.write(data, promise: promise)
    }

    func read(context: ChannelHandlerContext) {
        if isWaiting {
            wantsRead = true
        } else {
            context.read()
        }
    }

    /// We close: what is buffered is for nobody any more.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        isDeaf = true
        decoder = FrameDecoder(.fromServer)
        context.close(mode: mode, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        isInactive = true
        // The last words of a server come before the news that it is gone.
        if !isWaiting { tellClosed() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        isBroken = true
        context.close(promise: nil)
    }

    private func tellClosed() {
        let report = report
        self.report = nil
        report?(.closed(isBroken: isBroken))
    }
}
