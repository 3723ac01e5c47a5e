extension NotificationFlow {
    /// Asks something of the server; the answer comes as `complete` under the same number.
    package mutating func request(_ id: RequestID, _ request: SessionRequest) -> [FlowAction] {
        let request = request.adapted(to: dialect)
        if let reply = answerFromSettings(to: request) { return [.complete(id, .success(reply))] }
        guard !commands.forbidden.contains(request.command) else {
            return [.complete(id, .failure(.notSupported(command: request.command)))]
        }
        guard case .online = phase else { return [.complete(id, .failure(.notOnline(state)))] }
        let watch = watchForClose(on: request.command)
        let transaction = nextTransaction(for: request)
        pending[transaction] = .request(id, request)
        rememberPage(id, request, transaction)
        return [
            .send(request.command(numbered: transaction, own: handle)),
            .start(.request(transaction), patience(with: request)),
        ] + watch + keepaliveRestarted()
    }

    /// How long an answer is waited for.
    private func patience(with request: SessionRequest) -> Duration {
        switch request {
        case .transfer: timeouts.transfer
        case .outreach(.page): timeouts.pageRefusal
        default: timeouts.request
        }
    }

    /// The answer to a request for what is in force already, which is not sent; nil for all others.
    private mutating func answerFromSettings(to request: SessionRequest) -> RequestReply? {
        // While a request of the same command is under way, nobody knows what will be in force.
        guard case .online = phase, !pending.values.contains(where: { $0.command == request.command }),
            let reply = settings.reply(to: request)
        else { return nil }
        note(reply, to: request)
        return reply
    }

    /// Keeps what a new connection has to restore.
    private mutating func note(_ reply: RequestReply, to request: SessionRequest) {
        switch (request, reply) {
        case (.setPresence, .presence(let presence)): status = presence
        case (.rename(let asked), .renamed(let name)): givenName = (asked, name)
        default: break
        }
    }

    /// The server answered what we asked: the fact first, then the answer, so that events precede the reply.
    mutating func answered(
        _ transaction: TransactionID, _ waiting: Pending, _ command: ServerCommand
    ) -> [FlowAction] {
        guard case .request(let id, let request) = waiting else {
            switch (waiting, command) {
            case (.challengeAnswer, .challengeAccepted), (.restoredName, .error):
                pending[transaction] = nil
                return [.cancel(.request(transaction))]
            case (.restoredName, .renamed):
                pending[transaction] = nil
                return [.cancel(.request(transaction))] + handleUnsolicited(command)
            default: return handleUnsolicited(command)
            }
        }
        if case .error(let code, _) = command {
            noteOutcome(of: request, code)
            if let (fact, reply) = request.settled(by: code) {
                settings.noteSettled(request)
                note(reply, to: request)
                return [.emit(fact)] + finish(transaction, id, .success(reply))
            }
            return finish(transaction, id, .failure(.refused(code, command: request.command)))
        }
        if case .outreach(let outreach) = request { return answered(transaction, id, outreach, command) }
        if let (fact, reply) = request.answer(in: command, own: handle) {
            note(reply, to: request)
            return (fact.map { [.emit($0)] } ?? []) + finish(transaction, id, .success(reply))
        }
        // `ILN`s carry the ID of the `CHG` before them, and an `ADD` or `PRP` may be about something else: those are
        // facts of their own and answer nothing. A referral to something other than a switchboard is neither.
        guard case (.transfer, .referral) = (request, command) else { return handleUnsolicited(command) }
        return fail(transaction, id, request, with: command.frame)
    }

    /// No answer came: the request fails alone.
    mutating func timeOut(_ transaction: TransactionID) -> [FlowAction] {
        guard let waiting = pending.removeValue(forKey: transaction), case .request(let id, let request) = waiting
        else { return [] }
        noteOutcome(of: request, nil)
        searches[transaction] = nil
        return [.complete(id, outcomeOfSilence(id, request))]
    }

    mutating func finish(
        _ transaction: TransactionID, _ id: RequestID, _ result: Result<RequestReply, RequestFailure>
    ) -> [FlowAction] {
        guard case .request(_, let request) = pending.removeValue(forKey: transaction) else { return [] }
        searches[transaction] = nil
        // A refused page was not sent.
        if case .failure = result { _ = sentPages.takeRefused(transaction) }
        return learnAnswered(request.command) + [.cancel(.request(transaction)), .complete(id, result)]
    }
}
