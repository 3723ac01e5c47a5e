import Loops
import MSNP

/// Cuts a socket's bytes into frames and reports them, on the socket's event loop.
///
/// A few frames are reported as they come. The others wait in the loop's `Backlog`, and meanwhile the socket is not
/// read. So a server can fill neither the loop's time nor memory.
final class FrameHandler: SocketHandler {
    /// What happens on a connection.
    enum Event {
        case frame(Frame)
        case framingFailed(FramingError)
        /// The other side closed, or with `isBroken` the network did.
        case closed(isBroken: Bool)
    }

    /// Frames that are reported at once: the answer to any request and what comes with it.
    static let promptFrames = 16
    /// The time for them, in case they are expensive.
    static let promptTime: Duration = .microseconds(500)
    /// Bytes that the kernel holds for a connection that is not read.
    ///
    /// Left to itself it grows to several megabytes for each.
    static let receiveBuffer: Int32 = 128 * 1024

    private var decoder = FrameDecoder(.fromServer)
    private var report: ((Event) -> Void)?
    private let loop: ClientLoop
    private let traffic: BackendTraffic?
    private var socket: Socket?
    /// It is in the backlog.
    private var isWaiting = false
    /// The last bytes were more than may be reported at once.
    ///
    /// What comes next goes to the backlog too, until there are few frames again.
    private var isTalkative = false
    private var framesSinceRead = 0
    /// Nothing more is decoded: it can't be, or nobody listens.
    private var isDeaf = false
    /// How it was closed, once it was.
    private var isBroken: Bool?

    /// `traffic` counts what comes in.
    init(on loop: ClientLoop, traffic: BackendTraffic? = nil, report: @escaping (Event) -> Void) {
        self.loop = loop
        self.traffic = traffic
        self.report = report
    }

    /// Hears what comes on a socket from now on.
    func start(_ socket: Socket) {
        self.socket = socket
        socket.start(self)
    }

    func received(_ bytes: Span<UInt8>) {
        guard !isDeaf else { return }
        loop.meter.read()
        traffic?.receive(bytes: bytes.count)
        decoder.append(bytes)
        framesSinceRead = 0
        if isTalkative || decode(atMost: Self.promptFrames, until: .now + Self.promptTime) {
            isTalkative = true
            isWaiting = true
            socket?.pause()
            loop.backlog.add(self)
        }
    }

    /// Reports more frames, on the backlog's behalf; true when there are still more.
    func reportMore(until end: ContinuousClock.Instant) -> Bool {
        if decode(atMost: .max, until: end) { return true }
        isWaiting = false
        if framesSinceRead <= Self.promptFrames { isTalkative = false }
        if isBroken != nil { tellClosed() } else { socket?.resume() }
        return false
    }

    /// Reports frames; true when there may be more.
    private func decode(atMost most: Int, until end: ContinuousClock.Instant) -> Bool {
        var count = 0
        defer { loop.meter.heard(count) }
        do {
            while count < most {
                // The report may close the connection, and then the rest is not wanted.
                guard !isDeaf, let frame = try decoder.next() else { return false }
                count += 1
                framesSinceRead += 1
                traffic?.receive(frame)
                report?(.frame(frame))
                if ContinuousClock.now >= end { break }
            }
            return !isDeaf && decoder.bufferedBytes > 0
        } catch {
            isDeaf = true
            report?(.framingFailed(error))
            return false
        }
    }

    /// We close: what is buffered is not wanted any more.
    func closing() {
        isDeaf = true
        decoder = FrameDecoder(.fromServer)
    }

    func closed(isBroken: Bool) {
        self.isBroken = isBroken
        socket = nil
        // The last frames of a server come before the report that it has closed.
        if !isWaiting { tellClosed() }
    }

    private func tellClosed() {
        let report = report
        self.report = nil
        report?(.closed(isBroken: isBroken ?? false))
    }
}
