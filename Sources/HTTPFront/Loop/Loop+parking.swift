import CMicroHTTPD

extension Loop {
    /// Suspends a request in its access handler.
    func park(
        _ exchange: Exchange, _ parking: Parking, on connection: OpaquePointer, _ descriptor: Int32, of daemon: Daemon
    ) {
        nextNumber += 1
        let id = Tag.firstPark + nextNumber
        let request = ParkedRequest(id, to: mailbox)
        unsafe MHD_suspend_connection(connection)
        exchange.stage = .waiting
        unsafe parked[id] = Parked(
            exchange: exchange, parking: parking, request: request, connection: connection, descriptor: descriptor,
            daemon: daemon.index)
        counters.requestParked()
        deadlines.insert(id, at: now + parking.timeout)
        // Without it only the leaving of the client would go unseen, until the time-out.
        try? poller.add(descriptor, for: gw_peer_leaving, tag: id)
        parking.began(request)
    }

    /// The client of a parked request has closed its connection, or its sending half.
    func peerLeft(_ id: UInt64) {
        // If somebody else has ended it, the answer is in the mailbox.
        guard let wait = parked[id], wait.request.end() else { return }
        wait.parking.abandoned()
        resume(id, with: .abandoned)
    }

    /// Ends the waits whose time is over.
    func expire() {
        while let id = deadlines.popDue(at: now) {
            if id >= Tag.firstLinger {
                endLingering(id)
            } else if id >= Tag.firstStream {
                streamIsDue(id)
            } else {
                release(id, .timedOut)
            }
        }
        deadlines.compact(live: parked.count + streams.count + lingering.count) {
            parked[$0] != nil || streams[$0] != nil || lingering[$0] != nil
        }
    }

    /// Releases all that wait and ends all streams; what wants to wait from now on is released at once.
    func drain() {
        isDraining = true
        for id in Array(parked.keys) { release(id, .shuttingDown) }
        drainStreams()
    }

    func resume(_ id: UInt64, with stage: Exchange.Stage) {
        guard let wait = parked.removeValue(forKey: id) else { return }
        counters.requestResumed()
        poller.remove(wait.descriptor)
        wait.exchange.stage = stage
        // Once for each suspension, since the entry is gone.
        unsafe MHD_resume_connection(wait.connection)
        wake(wait.daemon)
    }

    private func release(_ id: UInt64, _ reason: ParkedRelease) {
        guard let wait = parked[id], wait.request.end() else { return }
        resume(id, with: .answerable(wait.parking.released(reason)))
    }
}
