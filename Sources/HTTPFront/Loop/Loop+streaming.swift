import CMicroHTTPD
import Glibc
import Loops

extension Loop {
    /// Seconds for which a client may take nothing of what is there for it: a laptop's short sleep, a tunnel.
    ///
    /// Silence on the stream's side is not counted, as the connection is suspended then.
    private static let stallTimeout: UInt32 = 120

    /// Answers a request in pieces, from its access handler.
    func stream(
        _ exchange: Exchange, _ streaming: Streaming, on connection: Connection
    ) -> Bool {
        exchange.stage = .answered
        guard !exchange.isHead else {
            guard let outgoing = OutgoingResponse(headOf: streaming) else {
                return queue(Response(status: 500), of: exchange, on: connection)
            }
            return unsafe outgoing.queue(on: connection.raw)
        }
        nextNumber += 1
        let id = Tag.firstStream + nextNumber
        let signal = StreamSignal(id, to: mailbox)
        let stream = OutgoingStream(id, streaming, signal, on: connection, of: self)
        guard let outgoing = OutgoingResponse(stream) else {
            return queue(Response(status: 500), of: exchange, on: connection)
        }
        unsafe gw_set_idle_timeout(connection.raw, Self.stallTimeout)
        var size = Int32(Streaming.socketBuffer)
        // Reads the integer; a kernel that refuses leaves the buffer as large as it is.
        unsafe setsockopt(connection.descriptor, SOL_SOCKET, SO_SNDBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        connection.stream = stream
        streams[id] = stream
        counters.streamOpened()
        // The one entry that a stream has at any time.
        deadlines.insert(id, at: now + streaming.heartbeatInterval)
        streaming.began(signal)
        return unsafe outgoing.queue(on: connection.raw)
    }

    /// The library wants bytes of the body: how many there are now, or one of its words for the end.
    func read(_ stream: OutgoingStream, into room: UnsafeMutableRawBufferPointer) -> Int {
        daemons[stream.connection.daemon].noteCall()
        guard !stream.isAbandoned else { return gw_end_with_error }
        if !stream.hasPiece {
            let part = turn.enter(.streams)
            defer { turn.enter(part) }
            switch stream.streaming.next(Streaming.pieceSize) {
            case .bytes(let piece) where !piece.isEmpty: stream.take(piece, at: now)
            case .bytes, .nothing:
                guard !isDraining else { return gw_end_of_stream }
                suspend(stream)
                return 0
            case .end: return gw_end_of_stream
            }
        }
        return unsafe stream.fill(room)
    }

    /// Its owner has something to send.
    func wakeStream(_ id: UInt64) {
        guard let stream = streams[id] else { return }
        // Before it is asked, so that whatever comes after the question makes a new wake.
        stream.signal.noted()
        resume(stream)
    }

    /// The client of a suspended stream has left.
    func abandon(_ stream: OutgoingStream) {
        stream.isAbandoned = true
        stream.end()
        resume(stream)
    }

    /// Its time without a piece may be over.
    func streamIsDue(_ id: UInt64) {
        guard let stream = streams[id] else { return }
        let interval = stream.streaming.heartbeatInterval
        if stream.isSuspended, !stream.isAbandoned, now >= stream.lastPiece + interval {
            stream.take(stream.streaming.heartbeat(), at: now)
            if stream.hasPiece { resume(stream) }
        }
        // One that is busy or full is looked at again when it could need one the next time.
        deadlines.insert(id, at: max(stream.lastPiece, now - interval / 2) + interval)
    }

    /// Has each stream send what its owner has already, and end.
    func drainStreams() {
        for stream in Array(streams.values) { resume(stream) }
    }

    /// The request is over, whatever ended it.
    func streamCompleted(_ stream: OutgoingStream) {
        guard streams.removeValue(forKey: stream.id) != nil else { return }
        stream.connection.stream = nil
        counters.streamClosed()
        stream.end()
    }

    private func suspend(_ stream: OutgoingStream) {
        // From the reader callback, one of the two places that the library allows.
        unsafe MHD_suspend_connection(stream.connection.raw)
        stream.isSuspended = true
        if stream.connection.peerHasClosed { peersClosed.append(stream.connection.id) }
    }

    private func resume(_ stream: OutgoingStream) {
        guard stream.isSuspended else { return }
        stream.isSuspended = false
        unsafe MHD_resume_connection(stream.connection.raw)
        wake(stream.connection.daemon)
    }
}
