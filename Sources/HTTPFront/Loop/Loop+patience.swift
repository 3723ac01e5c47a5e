import CMicroHTTPD
import Glibc

/// What ends connections that the library would keep: clients that send or read a byte now and then, and clients that
/// have left.
///
/// The library counts the time since the last byte alone, so that a byte now and then keeps a connection for ever. And
/// where the last bytes and the end come together it reads the bytes, takes the socket for empty and doesn't notice the
/// end before its idle time-out.
extension Loop {
    /// Until when the head of the next request has to be there.
    ///
    /// It may begin as late as the idle time-out allows, and has its own time from then on.
    var headDeadline: ContinuousClock.Instant {
        now + .seconds(configuration.idleTimeout + configuration.headTimeout)
    }

    func makeConnection(
        _ raw: OpaquePointer, peer: PeerAddress, descriptor: Int32, of daemon: Daemon
    ) -> Connection {
        nextNumber += 1
        let ticket = daemon.takeTicket(of: descriptor)
        let isForProbes = ticket?.isForProbes ?? false
        return unsafe Connection(
            id: nextNumber, raw: raw, peer: peer, descriptor: descriptor, ticket: ticket, daemon: daemon.index,
            deadline: isForProbes ? now + .seconds(HTTPConfiguration.probeTimeout) : headDeadline)
    }

    /// Looks after a connection from now on.
    func watch(_ connection: Connection) {
        open[connection.id] = connection
        if connection.isForProbes { probing[connection.id] = connection }
        // Without it only the leaving of the client would go unseen, until its deadline.
        try? departures.add(connection.descriptor, for: gw_peer_leaving, tag: connection.id)
    }

    func forget(_ connection: Connection) {
        open[connection.id] = nil
        probing[connection.id] = nil
    }

    /// The place of whoever has held one of those that are kept for probes for longest without a word; it is ended.
    ///
    /// A probe says what it wants as soon as it is there, so that it is never taken for one of these. Nil when all have
    /// said something.
    func placeOfSilent() -> Admission.Ticket? {
        let silent = probing.values.filter { $0.awaitsHead && !hasBytes($0) }
        guard let oldest = silent.min(by: { $0.id < $1.id }) else { return nil }
        probing[oldest.id] = nil
        end(oldest)
        return oldest.takeTicket()
    }

    /// Clients have closed, or their sending half.
    func noteDepartures() {
        var ids: [UInt64] = []
        departures.wait(milliseconds: 0, into: &ids)
        for id in ids {
            guard let connection = open[id] else { continue }
            connection.hasLeft = true
            leaving.append(id)
            // What came before the end is read first.
            wake(connection.daemon)
        }
    }

    /// Ends connections whose clients have left, once all that they sent has been read.
    func endDeparted() {
        guard !leaving.isEmpty else { return }
        let ids = leaving
        leaving = []
        for id in ids {
            guard let connection = open[id], connection.awaitsBytes else { continue }
            if isReady(connection.daemon) || hasBytes(connection) { leaving.append(id) } else { end(connection) }
        }
    }

    /// Ends connections whose time is over.
    func endOverdue() {
        for connection in open.values {
            if let deadline = connection.deadline, deadline <= now { end(connection) }
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
