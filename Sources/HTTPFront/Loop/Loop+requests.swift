import CMicroHTTPD

extension Loop {
    /// The access handler: does the next thing for a request; false to drop its connection.
    func serve(
        _ exchange: Exchange, on connection: OpaquePointer, of daemon: Daemon, method: UnsafePointer<CChar>?,
        version: UnsafePointer<CChar>?, body: UnsafeRawBufferPointer
    ) -> Bool {
        guard let context = unsafe context(of: connection) else { return false }
        let action: Exchange.Action
        if case .named = exchange.stage {
            active += 1
            exchange.isCounted = true
            counters.requestCame()
            let reader = unsafe HeadReader(connection, exchange, method: method, version: version, context.peer)
            if !context.isForProbes {
                action = exchange.receive(reader.head, reader.refusal, for: handler)
            } else if handler.isProbe(reader.head) {
                exchange.beLast()
                action = exchange.receive(reader.head, reader.refusal, for: handler)
            } else {
                note(.connections)
                action = exchange.turnAway(with: refusalAnswers.notAProbe)
            }
        } else if unsafe body.isEmpty {
            action = exchange.proceed(for: handler)
        } else {
            action = unsafe exchange.receiveBody(body)
        }
        context.note(action, at: now, configuration)
        switch action {
        case .proceed: return true
        case .queue(let response): return unsafe queue(response, of: exchange, on: connection)
        case .suspend(let parking):
            guard !isDraining else {
                return unsafe queue(parking.released(.shuttingDown), of: exchange, on: connection)
            }
            unsafe park(exchange, parking, on: connection, context.descriptor, of: daemon)
            return true
        case .stream(let streaming):
            // HEAD is told what there would be.
            guard !isDraining || exchange.isHead else {
                return unsafe queue(streaming.refused(), of: exchange, on: connection)
            }
            return unsafe stream(exchange, streaming, on: connection, context.descriptor, of: daemon)
        case .close: return false
        }
    }

    /// The request is over, whether it was answered or not.
    func completed(_ exchange: Exchange, on connection: OpaquePointer) {
        if exchange.isCounted { active -= 1 }
        if let stream = exchange.stream {
            exchange.stream = nil
            streamCompleted(stream)
        }
        let context = unsafe context(of: connection)
        context?.noteEnd(nextUntil: headDeadline)
        if let context, context.hasLeft { leaving.append(context.id) }
        if exchange.lingers, case .answered = exchange.stage, let context {
            startLingering(context.descriptor)
        }
    }

    func queue(_ response: Response, of exchange: Exchange, on connection: OpaquePointer) -> Bool {
        exchange.stage = .answered
        guard let outgoing = OutgoingResponse(response, closing: exchange.isLast || isDraining) else { return false }
        return unsafe outgoing.queue(on: connection)
    }

    private func context(of connection: OpaquePointer) -> Connection? {
        // Put there when the connection was opened, retained until it is closed.
        unsafe gw_connection_context(connection).map {
            unsafe Unmanaged<Connection>.fromOpaque($0).takeUnretainedValue()
        }
    }
}
