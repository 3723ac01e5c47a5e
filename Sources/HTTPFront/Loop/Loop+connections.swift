import CLinux
import CMicroHTTPD
import Glibc
import Loops

/// Connections from open to closed.
extension Loop {
    /// Until when the head of the next request has to be there.
    ///
    /// It may begin as late as the idle time-out allows, and has its own time from then on.
    var headDeadline: MonotonicInstant {
        now + .seconds(configuration.idleTimeout + configuration.headTimeout)
    }

    func makeConnection(
        _ raw: OpaquePointer, peer: PeerAddress, descriptor: Int32, of daemon: Daemon
    ) -> Connection {
        nextNumber += 1
        let ticket = daemon.takeTicket(of: descriptor)
        let isForProbes = ticket?.isForProbes ?? false
        return unsafe Connection(
            id: Tag.firstConnection + nextNumber, raw: raw, peer: peer, descriptor: descriptor, ticket: ticket,
            daemon: daemon.index,
            deadline: isForProbes ? now + .seconds(HTTPConfiguration.probeTimeout) : headDeadline)
    }

    func opened(_ connection: Connection, of daemon: Daemon) {
        daemon.connections += 1
        open[connection.id] = connection
        if connection.isForProbes { probing[connection.id] = connection }
        // For as long as it is open. Without it only the leaving of the client would go unseen, until its deadline.
        _ = watch(connection.descriptor, for: gw_peer_leaving, tag: connection.id)
        counters.connectionOpened()
    }

    func closed(_ connection: Connection, of daemon: Daemon) {
        daemon.connections -= 1
        if connection.isStuck { daemon.stuck -= 1 }
        open[connection.id] = nil
        probing[connection.id] = nil
        if let ticket = connection.ticket { admission.leave(ticket) }
        counters.connectionClosed()
    }

    /// Ends whoever has held one of the connections that are kept for probes for longest without a word; its place.
    ///
    /// A probe says what it wants as soon as it is there, so that it is never taken for one of these. Nil when all have
    /// said something. The client is refused like any that is one too many, and counted.
    func evictIdleProbe() -> Admission.Ticket? {
        let idle = probing.values.filter { $0.awaitsHead && !hasBytes($0) }
        guard let oldest = idle.min(by: { $0.id < $1.id }) else { return nil }
        probing[oldest.id] = nil
        note(.connections)
        // Before any request of its own, so that the library has nothing to send there.
        say(refusalResponses.message(.connections), on: oldest.descriptor)
        end(oldest)
        return oldest.takeTicket()
    }

    /// Ends connections whose time is over: clients that send or read a byte now and then.
    ///
    /// The library counts the time since the last byte alone, so that such a client would keep its connection for ever.
    func endOverdue() {
        for connection in open.values {
            if let deadline = connection.deadline, deadline <= now { end(connection) }
        }
    }

    /// The client of a connection has closed it, or its sending half.
    ///
    /// Nothing more is reported of it. The library may not have noticed: where the last bytes and the end come together, it
    /// reads the bytes, takes the socket for empty and doesn't see the end before its idle time-out. A suspended
    /// connection it does not look at.
    func notePeerClosed(_ id: UInt64) {
        guard let connection = open[id] else { return }
        connection.peerHasClosed = true
        peersClosed.append(id)
        // What came before the end is read first.
        wake(connection.daemon)
    }

    /// Ends what connections whose clients have left wait for, once all that they sent has been read.
    ///
    /// An answer that is being sent goes on.
    func endClosedByPeer() {
        guard !peersClosed.isEmpty else { return }
        let ids = peersClosed
        peersClosed = []
        for id in ids {
            guard let connection = open[id] else { continue }
            if let request = connection.parked {
                abandon(request)
            } else if let stream = connection.stream {
                if stream.isSuspended { abandon(stream) }
            } else if connection.awaitsBytes {
                if isReady(connection.daemon) || hasBytes(connection) {
                    peersClosed.append(id)
                } else {
                    end(connection)
                }
            }
        }
    }

    /// The library finds the end, and closes.
    private func end(_ connection: Connection) {
        shutdown(connection.descriptor, Int32(SHUT_RDWR))
        wake(connection.daemon)
    }

    private func hasBytes(_ connection: Connection) -> Bool {
        var byte: UInt8 = 0
        // Reads no more than there is room for.
        return unsafe recv(connection.descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) > 0
    }
}
