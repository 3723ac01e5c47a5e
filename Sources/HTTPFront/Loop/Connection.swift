import CMicroHTTPD
import Loops

/// What a loop keeps about a connection as long as it is open.
///
/// Safe although it stores a pointer: it is used while the connection is among its loop's open ones, which is as long as
/// the library keeps it.
@safe final class Connection {
    /// By which its loop knows it; never used twice, so that a late event finds nothing.
    let id: UInt64
    // MHD_Connection *
    let raw: OpaquePointer
    let peer: PeerAddress
    /// The socket, which is the library's: watched, and never closed, here.
    let descriptor: Int32
    /// Nil where somebody else has its place.
    private(set) var ticket: Admission.Ticket?
    /// The place of its daemon.
    let daemon: Int
    /// When what it does now has taken too long; nil while that is for somebody else to say.
    var deadline: MonotonicInstant?
    /// Whether a head, or the rest of a body, has to come before anything can happen.
    private(set) var awaitsBytes = true
    /// Whether its client has closed, or its sending half.
    var peerHasClosed = false
    /// Its requests, one after the other.
    let exchange = Exchange()
    /// The request that it is suspended for.
    var parked: ParkedRequest?
    /// The answer that it is sending in pieces.
    var stream: OutgoingStream?
    /// Whether the library can't get on with it, so that it is being ended.
    var isStuck = false
    /// Whether a head has to come before anything can happen.
    private(set) var awaitsHead = true

    init(
        id: UInt64, raw: OpaquePointer, peer: PeerAddress, descriptor: Int32, ticket: Admission.Ticket?, daemon: Int,
        deadline: MonotonicInstant
    ) {
        self.id = id
        unsafe self.raw = raw
        self.peer = peer
        self.descriptor = descriptor
        self.ticket = ticket
        self.daemon = daemon
        self.deadline = deadline
    }

    /// Whether it answers probes alone.
    var isForProbes: Bool { ticket?.isForProbes ?? false }

    /// Whether the library leaves it alone: it waits, or its stream has nothing to send.
    var isSuspended: Bool { parked != nil || stream?.isSuspended ?? false }

    /// Gives its place up for another connection.
    func takeTicket() -> Admission.Ticket? {
        defer { ticket = nil }
        return ticket
    }

    /// Its request has got somewhere.
    func note(_ action: Exchange.Action, at now: MonotonicInstant, _ configuration: HTTPConfiguration) {
        switch action {
        case .proceed:
            // The head is there; what comes of the body later gets no more time.
            guard awaitsHead else { return }
            awaitsHead = false
            deadline = now + .seconds(configuration.bodyTimeout)
        case .queue:
            (awaitsHead, awaitsBytes) = (false, false)
            deadline = now + .seconds(configuration.answerTimeout)
        default:
            (awaitsHead, awaitsBytes) = (false, false)
            deadline = nil
        }
    }

    /// Its request is over, and another may come.
    func noteEnd(nextUntil deadline: MonotonicInstant) {
        (awaitsHead, awaitsBytes) = (true, true)
        self.deadline = deadline
    }
}
