import CLinux
import Glibc

/// A TCP connection that lives on a loop.
///
/// It is read as its handler lets it, one piece for each time that the loop comes round to it, so that none keeps the loop
/// from the others. What the other side does not take waits here, and `isWritable` says whether that is too much.
///
/// Unchecked, because all of it is its loop's thread's alone; each way to it looks whether the caller is there.
package final class Socket: @unchecked Sendable {
    /// Bytes that a read takes at most.
    static let readSize = 64 * 1024

    private enum Stage {
        case connecting
        case open
        /// No more is read, and what waits is sent before it is closed.
        case finishing
        case closed
    }

    /// What a socket may have that is no business of its loop's: it is let go when the socket is closed.
    package var lease: (any AnyObject & Sendable)? {
        didSet { assertCurrent() }
    }

    /// Whose time its events take.
    let place: EventLoop.Place
    private let loop: EventLoop
    private let number: UInt64
    private var descriptor: Int32
    private var stage = Stage.connecting
    /// What the kernel was asked to watch it for; 0 when it isn't watched.
    private var watched: UInt32 = 0
    private var isPaused = false
    /// Our half of the connection is closed, or will be when all that waits is sent.
    private var isOutputClosed = false
    /// Bytes that may wait before it counts as unwritable.
    private let mostUnsent: Int
    /// What the kernel has not taken yet, from `sent` on.
    private var outgoing: [UInt8] = []
    private var sent = 0
    /// What the connection is closed by when reading finds its end: a write has found out that the network broke it.
    private var isBroken = false
    private var handler: (any SocketHandler)?
    /// Called once, with whether it was made.
    private var connected: ((Bool) -> Void)?

    /// Takes over an open descriptor.
    init(
        _ descriptor: Int32, on loop: EventLoop, of place: EventLoop.Place, unsent: Int,
        connected: @escaping (Bool) -> Void
    ) {
        self.descriptor = descriptor
        self.loop = loop
        self.place = place
        self.mostUnsent = unsent
        self.connected = connected
        number = loop.own.nextNumber()
        loop.own.sockets[number] = self
    }

    /// Whether it is neither closed nor about to be.
    package var isOpen: Bool {
        assertCurrent()
        return stage == .open && !isOutputClosed
    }

    /// Our own address, as the other side sees it; nil once the connection is closed.
    package var localEndpoint: TCPEndpoint? {
        assertCurrent()
        return stage == .closed ? nil : TCPEndpoint.ofSocket(descriptor)
    }

    /// Whether the other side takes what it is sent, by and large.
    package var isWritable: Bool {
        assertCurrent()
        return outgoing.count - sent <= mostUnsent
    }

    /// Bytes that are kept for what is to be sent.
    var heldBytes: Int { outgoing.count }

    private func assertCurrent() {
        // One that is gone with its loop is nobody's: an actor that outlives the loop may still let it go.
        precondition(loop.isCurrent || stage == .closed, "a socket belongs to its loop's thread")
    }

    // MARK: - What the owner does

    /// Sets who hears from now on, and begins to read.
    package func start(_ handler: any SocketHandler) {
        assertCurrent()
        self.handler = handler
        watch()
    }

    /// Reads no more until `resume`.
    package func pause() {
        assertCurrent()
        isPaused = true
        // It stays in the kernel's set until something happens there: mostly it is resumed before.
    }

    /// Reads on.
    package func resume() {
        assertCurrent()
        isPaused = false
        watch()
    }

    /// Sends bytes, now or when the other side takes them; nothing where the connection is closed.
    package func write(_ bytes: [UInt8]) {
        assertCurrent()
        guard stage == .open, !isOutputClosed else { return }
        guard outgoing.isEmpty else { return queue(bytes) }
        let count = send(bytes[...])
        guard count >= 0, count < bytes.count else { return }
        outgoing = Array(bytes[count...])
        watch()
    }

    private func queue(_ bytes: [UInt8]) {
        // Whoever reads, and is always a little behind, never has all of it sent.
        if sent > outgoing.count / 2 {
            outgoing.removeFirst(sent)
            sent = 0
        }
        outgoing.append(contentsOf: bytes)
    }

    /// Tells the other side that nothing more comes, when all that waits is sent; what it says is still heard.
    package func closeOutput() {
        assertCurrent()
        guard stage == .open, !isOutputClosed else { return }
        isOutputClosed = true
        if outgoing.isEmpty { shutdown(descriptor, Int32(SHUT_WR)) }
    }

    /// Closes the connection; what waits is dropped.
    package func close() {
        assertCurrent()
        guard stage == .open || stage == .finishing else { return }
        handler?.closing()
        end(isBroken: false)
    }

    /// Closes the connection when all that waits is sent; nothing more is read.
    package func closeAfterWriting() {
        assertCurrent()
        guard stage == .open else { return }
        handler?.closing()
        guard !outgoing.isEmpty else { return end(isBroken: false) }
        stage = .finishing
        watch()
    }

    // MARK: - What the loop does

    /// The kernel has something to say.
    func happened(_ what: UInt32) {
        switch stage {
        case .connecting: finishConnecting()
        case .open:
            if what & gw_writable != 0, !outgoing.isEmpty { flush() }
            if what & (gw_readable | gw_failed) != 0 {
                guard !isPaused else { return stepAside(what) }
                read()
            }
            watch()
        case .finishing:
            // What comes is not wanted, and the end of the other side is the end.
            if what & gw_failed != 0 { return end(isBroken: false) }
            flush()
        case .closed: break
        }
    }

    /// Goes without a word, with its loop.
    func abandon() {
        stage = .closed
        handler = nil
        connected = nil
        lease = nil
        unwatch()
        Glibc.close(descriptor)
    }

    /// Watches for the outcome of a `connect` that is under way.
    func awaitConnection() { watch() }

    /// The outcome is known.
    func finishConnecting() {
        guard stage == .connecting else { return }
        var error: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        // Writes the integer.
        unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length)
        settle(error == 0)
    }

    /// It is connected, or never will be.
    func settle(_ isConnected: Bool) {
        guard stage == .connecting, let told = connected else { return }
        connected = nil
        stage = .open
        if !isConnected { end(isBroken: true) }
        told(isConnected)
    }

    /// Something wants to be read that may not be.
    private func stepAside(_ what: UInt32) {
        // Hang-ups are reported whether they are asked for or not, and without end: it leaves the set.
        unwatch()
        if what & gw_failed == 0 { watch() }
    }

    private func read() {
        let own = loop.own
        // Taken out, so that nobody else reads into it while the handler looks at it.
        var room: [UInt8] = []
        swap(&room, &own.readRoom)
        defer { swap(&room, &own.readRoom) }
        // Reads no more than there is room for.
        let count = unsafe room.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        if count > 0 {
            handler?.received(room.span.extracting(first: count))
        } else if count == 0 {
            end(isBroken: isBroken)
        } else if errno != EAGAIN && errno != EINTR {
            end(isBroken: true)
        }
    }

    private func flush() {
        let count = send(outgoing[sent...])
        guard count >= 0 else { return }
        sent += count
        guard sent == outgoing.count else { return }
        outgoing = []
        sent = 0
        if stage == .finishing {
            end(isBroken: false)
        } else if isOutputClosed {
            shutdown(descriptor, Int32(SHUT_WR))
        }
    }

    /// How many bytes the kernel took; negative when there is nobody to send to.
    private func send(_ bytes: ArraySlice<UInt8>) -> Int {
        // Reads no more than there are.
        let count = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        if count >= 0 { return count }
        if errno == EAGAIN || errno == EINTR { return 0 }
        // Reading finds the end, after what came before it. The other side has closed (`EPIPE`), or the network broke it, which
        // is told once: here.
        if errno != EPIPE { isBroken = true }
        outgoing = []
        sent = 0
        if stage == .finishing { end(isBroken: false) }
        return -1
    }

    private func end(isBroken: Bool) {
        guard stage != .closed else { return }
        stage = .closed
        unwatch()
        Glibc.close(descriptor)
        outgoing = []
        lease = nil
        loop.own.sockets[number] = nil
        guard let handler else { return }
        self.handler = nil
        // In its own time, and not in the middle of what the caller does.
        nonisolated(unsafe) let told = handler
        _ = loop.post { unsafe told.closed(isBroken: isBroken) }
    }

    // MARK: - What the kernel watches for

    private func watch() {
        let wanted: UInt32 =
            switch stage {
            case .connecting, .finishing: gw_writable
            // A paused one that has left the set stays away, unless it has something to send.
            case .open where isPaused:
                outgoing.isEmpty ? (watched & gw_readable) : gw_writable | (watched & gw_readable)
            case .open: outgoing.isEmpty ? gw_readable : gw_readable | gw_writable
            case .closed: 0
            }
        guard wanted != watched else { return }
        guard wanted != 0 else { return unwatch() }
        do {
            if watched == 0 {
                try loop.watch(descriptor, for: wanted, tag: number, of: 0)
            } else {
                try loop.rewatch(descriptor, for: wanted, tag: number, of: 0)
            }
            watched = wanted
        } catch {
            // What can't be watched is of no use to anybody.
            if stage == .connecting { settle(false) } else { end(isBroken: true) }
        }
    }

    private func unwatch() {
        if watched != 0 { loop.unwatch(descriptor) }
        watched = 0
    }
}
