import CMicroHTTPD

extension Loop {
    /// The access handler: does the next thing for a request; false to drop its connection.
    func serve(
        _ exchange: Exchange, on raw: OpaquePointer, method: UnsafePointer<CChar>?, version: UnsafePointer<CChar>?,
        body: UnsafeRawBufferPointer
    ) -> Bool {
        guard let connection = unsafe Self.connection(raw) else { return false }
        // The library's time, unless somebody is asked: each look at the clock is one of a dozen in an event.
        var part: LongTurn.Part?
        defer { if let part { turn.handled(exchange.head, next: part) } }
        let action: Exchange.Action
        if case .named = exchange.stage {
            active += 1
            exchange.isCounted = true
            counters.requestCame()
            let reader = unsafe HeadReader(raw, exchange, method: method, version: version, connection.peer)
            if reader.refusal != nil || reader.head.hasBody { part = turn.enter(.handler) }
            if !connection.isForProbes {
                action = exchange.receive(reader, for: handler)
            } else if handler.isProbe(reader.head) {
                exchange.closeAfterAnswer()
                action = exchange.receive(reader, for: handler)
            } else {
                note(.connections)
                action = exchange.turnAway(with: refusalResponses.notAProbe)
            }
        } else if unsafe body.isEmpty {
            if exchange.asksHandler { part = turn.enter(.handler) }
            action = exchange.proceed(for: handler)
        } else {
            action = unsafe exchange.receiveBody(body)
        }
        connection.note(action, at: now, configuration)
        switch action {
        case .proceed: return true
        case .queue(let response): return queue(response, of: exchange, on: connection)
        case .park(let request):
            if isDraining, let response = request.release(.shuttingDown) {
                return queue(response, of: exchange, on: connection)
            }
            park(request, exchange, on: connection)
            return true
        case .stream(let streaming):
            // HEAD is told what there would be.
            guard !isDraining || exchange.isHead else {
                return queue(streaming.refused(), of: exchange, on: connection)
            }
            return stream(exchange, streaming, on: connection)
        case .close: return false
        }
    }

    /// The request is over, whether it was answered or not.
    func completed(_ exchange: Exchange, on raw: OpaquePointer) {
        if exchange.isCounted { active -= 1 }
        exchange.end()
        guard let connection = unsafe Self.connection(raw) else { return }
        if let stream = connection.stream { streamCompleted(stream) }
        connection.noteEnd(nextUntil: headDeadline)
        if connection.peerHasClosed { peersClosed.append(connection.id) }
        if exchange.lingers, case .answered = exchange.stage { startLingering(connection.descriptor) }
    }

    func queue(_ response: Response, of exchange: Exchange, on connection: Connection) -> Bool {
        exchange.stage = .answered
        let closes = exchange.isLast || isDraining
        if !closes, let kept = exchange.kept(for: response) { return unsafe kept.queue(on: connection.raw) }
        guard let outgoing = OutgoingResponse(response, of: exchange, closing: closes) else { return false }
        return unsafe outgoing.queue(on: connection.raw)
    }

    static func connection(_ raw: OpaquePointer) -> Connection? {
        // Put there when the connection was opened, retained until it is closed.
        unsafe gw_connection_context(raw).map {
            unsafe Unmanaged<Connection>.fromOpaque($0).takeUnretainedValue()
        }
    }
}
