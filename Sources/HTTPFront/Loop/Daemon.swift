import CMicroHTTPD
import Glibc
import Loops

/// One daemon of libmicrohttpd in external polling mode.
///
/// The library wants all calls of such a daemon on one thread. It is made before its loop's thread starts, and handed over
/// to that with the loop.
///
/// Safe although it stores a pointer: only this type sees it, and it is there from `init` to `stop`.
@safe final class Daemon {
    /// Runs in a row before other daemons have their turn.
    private static let roundsAtATime = 8
    /// Bytes that a run reads at least where there are some: half of the increment by which the library lets its buffer
    /// grow, to be on the safe side.
    private static let bytesPerRun = 64

    /// What a turn has come to.
    enum Outcome {
        /// Nothing is to be done before something happens.
        case idle
        case busy
        /// The library wants to be run again and again, and gets nowhere: it holds a connection whose buffer is full.
        case stuck
    }

    /// MHD_Daemon *, nil before the start and after the stop.
    private var raw: OpaquePointer?
    /// Its place among the loop's daemons.
    let index: Int
    /// Runs in a row that call nobody although the library said that there is something to do, before it isn't believed.
    ///
    /// A head of several kilobytes that comes at once is read in pieces, and takes some dozens; no more than its buffer has.
    private let spuriousRuns: Int
    /// Connections that are open now.
    var connections = 0
    /// Calls that the library has made: what tells a run that got somewhere from one that didn't.
    private(set) var calls = 0
    /// Those of them that are stuck and being ended.
    var stuck = 0
    /// When to look again for connections that are stuck.
    var examinesAgain: MonotonicInstant?

    private var spurious = 0
    /// Of sockets that were added since the last run, in which the library opens them or closes them without a word.
    private var tickets: [Int32: Admission.Ticket] = [:]
    /// Owns this, and so lives longer.
    unowned let loop: Loop

    init(_ index: Int, of loop: Loop, _ configuration: HTTPConfiguration) throws(HTTPServerError) {
        self.index = index
        spuriousRuns = configuration.connectionMemory / Self.bytesPerRun
        self.loop = loop
        // Not retained: the callbacks come from calls of this object's methods, so that it is there.
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe raw = gw_start_daemon(
            DaemonCallbacks.access, DaemonCallbacks.target, DaemonCallbacks.completed, DaemonCallbacks.connection,
            context,
            UInt32(configuration.idleTimeout), UInt32(clamping: configuration.maximumConnections),
            configuration.connectionMemory)
        guard unsafe raw != nil else { throw .library("MHD_start_daemon") }
    }

    /// Readable when there is something to do; the library's own.
    var descriptor: Int32 {
        guard let raw = unsafe raw else { return -1 }
        return unsafe gw_epoll_descriptor(raw)
    }

    /// Takes over an accepted socket, which the library closes in any case.
    func add(
        _ socket: Int32, from address: UnsafePointer<sockaddr>, _ length: socklen_t, _ ticket: Admission.Ticket
    ) {
        guard let raw = unsafe raw else {
            close(socket)
            loop.admission.leave(ticket)
            return
        }
        tickets[socket] = ticket
        unsafe MHD_add_connection(raw, socket, address, length)
    }

    /// Does what is to be done.
    func run() -> Outcome {
        for _ in 0..<Self.roundsAtATime {
            guard runOnce() else { return .idle }
            if spurious >= spuriousRuns { return .stuck }
        }
        return .busy
    }

    /// Runs until there is nothing to do, or as long as the library gets nowhere; tells which.
    ///
    /// For a daemon all of whose connections but those under suspicion are suspended: ends after so many calls in any case,
    /// and then there is no reason for the suspicion.
    func isStuck() -> Bool {
        spurious = 0
        for _ in 0..<4 * spuriousRuns {
            guard runOnce() else { return false }
            if spurious >= spuriousRuns { return true }
        }
        return false
    }

    /// The ticket of a connection that the library is about to open.
    func takeTicket(of socket: Int32) -> Admission.Ticket? { tickets.removeValue(forKey: socket) }

    /// The library has called: this run gets somewhere.
    func noteCall() { calls += 1 }

    /// One run; whether the library wants another at once.
    private func runOnce() -> Bool {
        guard let raw = unsafe raw else { return false }
        let before = calls
        unsafe MHD_run(raw)
        for ticket in tickets.values { loop.admission.leave(ticket) }
        tickets.removeAll(keepingCapacity: true)
        var timeout: UInt64 = 0
        // Above 0 it is about idle connections only, and the loop comes by for those.
        guard unsafe MHD_get_timeout(raw, &timeout) == .YES, timeout == 0 else {
            spurious = 0
            return false
        }
        if calls == before {
            spurious += 1
            loop.counters.ranSpuriously()
        } else {
            spurious = 0
        }
        return true
    }

    /// Closes all connections; none may be suspended.
    func stop() {
        guard let raw = unsafe raw else { return }
        unsafe MHD_stop_daemon(raw)
        unsafe self.raw = nil
    }

    // Without connections there are no callbacks, which would look for a loop that is going: only one that never ran
    // leaves its daemons to this.
    deinit { stop() }
}
