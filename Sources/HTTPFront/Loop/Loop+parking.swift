import CMicroHTTPD
import Loops

extension Loop {
    /// Deadlines that are kept in a turn: those of thousands of polls that began together are over together.
    private static let deadlinesAtATime = 256

    /// Suspends a request in its access handler.
    func park(_ request: ParkedRequest, _ exchange: Exchange, on connection: Connection) {
        nextNumber += 1
        let id = Tag.firstPark + nextNumber
        unsafe MHD_suspend_connection(connection.raw)
        exchange.stage = .waiting
        request.exchange = exchange
        request.connection = connection
        connection.parked = request
        parked[id] = request
        counters.requestParked()
        deadlines.insert(id, at: now + request.timeout)
        if connection.peerHasClosed { peersClosed.append(connection.id) }
        request.park(id, at: mailbox)
    }

    /// The client of a parked request has left.
    func abandon(_ request: ParkedRequest) {
        // If somebody else has ended it, the answer is in the mailbox, or will be.
        if request.abandon() { resume(request, with: .abandoned) }
    }

    /// Ends the waits whose time is over, or a good part of them; the others are due in the next turn, at once.
    ///
    /// Whether there was anything to do.
    func expire() -> Bool {
        let before = deadlines.count
        for _ in 0..<Self.deadlinesAtATime {
            guard let id = deadlines.popDue(at: now) else { break }
            if id >= Tag.firstLinger {
                endLingering(id)
            } else if id >= Tag.firstStream {
                streamIsDue(id)
            } else if let request = parked[id] {
                if let more = request.prolonged() {
                    deadlines.insert(id, at: now + more)
                } else {
                    release(request, .timedOut)
                }
            }
        }
        deadlines.compact(live: parked.count + streams.count + lingering.count, isLive: isLive)
        return deadlines.count != before
    }

    /// Whether anybody still waits for a deadline.
    func isLive(_ id: UInt64) -> Bool {
        if id >= Tag.firstLinger { return lingering[id] != nil }
        return id >= Tag.firstStream ? streams[id] != nil : parked[id] != nil
    }

    /// Releases all that wait and ends all streams; what wants to wait from now on is released at once.
    func drain() {
        isDraining = true
        for request in Array(parked.values) { release(request, .shuttingDown) }
        drainStreams()
    }

    /// Resumes what somebody has ended whose answer is not here yet: it would come too late.
    func abandonRest() {
        for request in Array(parked.values) { resume(request, with: .abandoned) }
    }

    func resume(_ request: ParkedRequest, with stage: Exchange.Stage) {
        guard parked.removeValue(forKey: request.id) != nil, let connection = request.connection else { return }
        counters.requestResumed()
        request.exchange?.stage = stage
        request.exchange = nil
        request.connection = nil
        connection.parked = nil
        // Once for each suspension, since the entry is gone; suspended, it was neither used nor freed by the library.
        unsafe MHD_resume_connection(connection.raw)
        wake(connection.daemon)
    }

    private func release(_ request: ParkedRequest, _ reason: ParkedRequest.Release) {
        if let response = request.release(reason) { resume(request, with: .answerable(response)) }
    }
}
