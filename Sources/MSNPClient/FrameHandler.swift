import DequeModule
import Loops
import MSNP
import Synchronization

/// Cuts a socket's bytes into frames and reports them, on the socket's event loop.
///
/// A few frames are reported as they come. The others wait in the loop's `Backlog`, and meanwhile the socket is not
/// read. So a server can fill neither the loop's time nor memory.
final class FrameHandler: SocketHandler {
    /// What happens on a connection.
    enum Event {
        /// `isFirst` of a read, or of what was kept.
        case frame(Frame, isFirst: Bool)
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
    /// Whether what comes is to wait; nil where nobody says so.
    private let hold: FrameHold?
    /// What came while it was to wait, and how many bytes of it.
    private var kept: Deque<Frame> = []
    private var keptBytes = 0
    /// The hold knows of it, and lets it go on.
    private var isHeldBack = false
    /// Nothing more is decoded: it can't be, or nobody listens.
    private var isDeaf = false
    /// How it was closed, once it was.
    private var isBroken: Bool?

    /// `traffic` counts what comes in.
    init(
        on loop: ClientLoop, traffic: BackendTraffic? = nil, hold: FrameHold? = nil, report: @escaping (Event) -> Void
    ) {
        self.loop = loop
        self.traffic = traffic
        self.hold = hold
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
        decoder.append(bytes, in: &loop.decodingRoom)
        framesSinceRead = 0
        let now = MonotonicInstant.now
        if isTalkative || decode(atMost: Self.promptFrames, from: now, until: now + Self.promptTime) {
            isTalkative = true
            isWaiting = true
            socket?.pause()
            loop.backlog.add(self)
        }
    }

    /// Reports more frames, on the backlog's behalf; true when there are still more.
    func reportMore(from now: MonotonicInstant, until end: MonotonicInstant) -> Bool {
        if decode(atMost: .max, from: now, until: end) { return true }
        isWaiting = false
        if framesSinceRead <= Self.promptFrames { isTalkative = false }
        if isBroken != nil, kept.isEmpty { tellClosed() } else if !isFull { socket?.resume() }
        return false
    }

    /// Whether as much is kept as may be: then the socket is not read.
    private var isFull: Bool { keptBytes > FrameHold.most }

    /// What was kept is reported now, in its turn.
    func release() {
        isHeldBack = false
        guard !isWaiting else { return }
        isWaiting = true
        socket?.pause()
        loop.backlog.add(self)
    }

    /// The next frame that may be reported; the others are kept as long as they have to wait.
    private func next() throws(FramingError) -> Frame? {
        guard let hold, hold.isHeld else {
            guard let frame = kept.popFirst() else { return try decoder.next() }
            keptBytes -= frame.size
            return frame
        }
        // Also for what is kept since before: it may have to wait again in the middle of its turn.
        if !isHeldBack {
            isHeldBack = true
            hold.add(self)
        }
        while !isFull, let frame = try decoder.next() {
            if FrameHold.passes(frame) { return frame }
            kept.append(frame)
            keptBytes += frame.size
        }
        if isFull { socket?.pause() }
        return nil
    }

    /// Reports frames; true when there may be more.
    private func decode(
        atMost most: Int, from now: MonotonicInstant, until end: MonotonicInstant
    ) -> Bool {
        var count = 0
        loop.moment = now
        defer {
            loop.moment = nil
            loop.meter.heard(count)
            // Else a session that was told its contacts in one go would keep that room until it is told something again: 1.1 kB.
            decoder.giveRoom(to: &loop.decodingRoom)
        }
        do {
            while count < most {
                // The report may close the connection, and then the rest is not wanted.
                guard !isDeaf, let frame = try next() else { return false }
                count += 1
                framesSinceRead += 1
                traffic?.receive(frame)
                report?(.frame(frame, isFirst: framesSinceRead == 1))
                // Mostly there is no other, and nobody need know how long that took.
                guard !kept.isEmpty || decoder.bufferedBytes > 0 else { break }
                let now = MonotonicInstant.now
                if now >= end { break }
                loop.moment = now
            }
            return !isDeaf && (hold?.isHeld == true ? false : !kept.isEmpty || decoder.bufferedBytes > 0)
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
        (kept, keptBytes) = ([], 0)
    }

    func closed(isBroken: Bool) {
        self.isBroken = isBroken
        socket = nil
        // The last frames of a server come before the report that it has closed.
        if !isWaiting, kept.isEmpty { tellClosed() }
    }

    private func tellClosed() {
        let report = report
        self.report = nil
        report?(.closed(isBroken: isBroken ?? false))
    }
}

/// Has what a session's servers say wait while nothing more of it may be taken in.
///
/// Challenges and what keeps the connection alive are passed on all the same, or the server would take the session for dead. The
/// rest is kept, up to a limit for each connection, and then its socket is not read. It is `@unchecked Sendable`, as all of it
/// is the loop's thread's alone.
final class FrameHold: @unchecked Sendable {
    /// Bytes that a connection keeps before its socket is not read: more than a server says between two challenges.
    static let most = 128 * 1024

    private(set) var isHeld = false
    /// What was wanted last: what one thread posts may overtake what another has posted before.
    private let isWanted = Atomic(false)
    private var keeping: [FrameHandler] = []

    static func passes(_ frame: Frame) -> Bool { ["CHL", "QRY", "QNG"].contains { frame.isNamed($0) } }

    /// Whether that is news: then the loop's thread has to follow.
    func want(_ isWanted: Bool) -> Bool {
        self.isWanted.exchange(isWanted, ordering: .sequentiallyConsistent) != isWanted
    }

    /// Does what is wanted now.
    func follow() {
        if isWanted.load(ordering: .sequentiallyConsistent) { isHeld = true } else if isHeld { end() }
    }

    /// A connection waits for its end.
    func add(_ handler: FrameHandler) { keeping.append(handler) }

    /// All that was kept is reported.
    private func end() {
        isHeld = false
        let kept = keeping
        keeping = []
        for handler in kept { handler.release() }
    }
}

extension Frame {
    /// About the bytes that it takes.
    fileprivate var size: Int { parameters.reduce(64 + (payload?.count ?? 0)) { $0 + $1.utf8.count + 16 } }

    fileprivate func isNamed(_ name: String) -> Bool { command.utf8.elementsEqual(name.utf8) }
}
