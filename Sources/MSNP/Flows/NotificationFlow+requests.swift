extension NotificationFlow {
    /// Asks something of the server; the answer comes as `complete` under the same number.
    package mutating func request(_ id: RequestID, _ request: SessionRequest) -> [FlowAction] {
        let request = request.spoken(in: dialect)
        if let reply = replyInForce(to: request) { return [.complete(id, .success(reply))] }
        guard !commands.forbidden.contains(request.command) else {
            return [.complete(id, .failure(.notSupported(command: request.command)))]
        }
        guard case .online = phase else { return [.complete(id, .failure(.notOnline(state)))] }
        let suspicion = suspect(request.command)
        let transaction = nextTransaction(for: request)
        pending[transaction] = .request(id, request)
        let command: ClientCommand
        switch request {
        case .setPresence(let presence): command = .setPresence(transaction, presence)
        case .rename(let name): command = .rename(transaction, ListMember(handle: handle, name: name.text))
        case .service(let service, let parameter):
            command = .requestService(transaction, service: service, parameter: parameter)
        case .add(let account, let list, let name):
            command = .add(transaction, list.name, ListMember(handle: account.spelling, name: name.text))
        case .remove(let account, let list): command = .remove(transaction, list.name, handle: account.spelling)
        case .renameContact(let account, let name):
            command = .rename(transaction, ListMember(handle: account.spelling, name: name.text))
        case .setPrivacy(let mode): command = .setPrivacy(transaction, mode)
        case .setAddPrompt(let prompt): command = .setAddPrompt(transaction, prompt)
        case .setPhone(let edit): command = .setPhone(transaction, key: edit.property.rawValue, edit.value)
        case .transfer: command = .requestTransfer(transaction, kind: "SB")
        case .outreach(let outreach): return reach(id, outreach, transaction) + suspicion + keepaliveRestarted()
        }
        let wait = request == .transfer ? timeouts.transfer : timeouts.request
        return [.send(command), .start(.request(transaction), wait)] + suspicion + keepaliveRestarted()
    }

    /// The answer to a request for what is so already, which is not sent; nil for all others.
    private mutating func replyInForce(to request: SessionRequest) -> RequestReply? {
        // While one like it is under way, nobody knows what will be in force.
        guard case .online = phase, !pending.values.contains(where: { $0.command == request.command }),
            let reply = settings.reply(to: request)
        else { return nil }
        switch (request, reply) {
        case (.setPresence(let presence), _): status = presence
        case (.rename(let asked), .renamed(let name)): givenName = (asked, name)
        default: break
        }
        return reply
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
                return [.cancel(.request(transaction))] + unasked(command)
            default: return unasked(command)
            }
        }
        if case .error(let code, _) = command {
            noteOutcome(of: request, code)
            if let (fact, reply) = request.settled(by: code) {
                settings.noteSettled(request)
                if case .presence(let presence) = reply { status = presence }
                return [.emit(fact)] + finish(transaction, id, .success(reply))
            }
            return finish(transaction, id, .failure(.refused(code, command: request.command)))
        }
        switch (request, command) {
        case (.setPresence, .ownPresence(_, let presence)):
            status = presence
            return [.emit(.ownPresence(presence, forced: false))]
                + finish(transaction, id, .success(.presence(presence)))
        case (.rename(let asked), .renamed(_, _, let member)) where isOwn(member.handle):
            // Some servers leave the name out.
            let name = DisplayText.sanitized(member.name.isEmpty ? asked.text : member.name)
            givenName = (asked, name)
            return [.emit(.ownDisplayName(name))] + finish(transaction, id, .success(.renamed(name)))
        case (.service, .service(_, let reply)):
            return finish(transaction, id, .success(.service(reply)))
        case (.add(let account, let list, let name), .added(_, let answered, let version, var member))
        where answered == list.name && account.isSpelt(member.handle):
            // Some servers leave the name out.
            if member.name.isEmpty { member.name = name.text }
            return [.emit(.listAdded(member, answered, version: version))]
                + finish(transaction, id, .success(.edited(name: DisplayText.sanitized(member.name))))
        case (.remove(let account, let list), .removed(_, let answered, let version, let handle))
        where answered == list.name && (handle.isEmpty || account.isSpelt(handle)):
            return [.emit(.listRemoved(handle: account.spelling, answered, version: version))]
                + finish(transaction, id, .success(.edited(name: nil)))
        case (.renameContact(let account, let asked), .renamed(_, let version, var member))
        where account.isSpelt(member.handle):
            if member.name.isEmpty { member.name = asked.text }
            return [.emit(.contactRenamed(member, version: version))]
                + finish(transaction, id, .success(.edited(name: DisplayText.sanitized(member.name))))
        case (.setPrivacy, .privacy(_, _, let mode)):
            return [.emit(.privacy(mode))] + finish(transaction, id, .success(.edited(name: nil)))
        case (.setAddPrompt, .addPrompt(_, _, let prompt)):
            return [.emit(.addPrompt(prompt))] + finish(transaction, id, .success(.edited(name: nil)))
        case (.setPhone(let edit), .ownPhone(_, _, let property, let value)) where property == edit.property:
            return [.emit(.ownPhone(property, value))] + finish(transaction, id, .success(.phone(property, value)))
        case (.transfer, .referral(_, .switchboard(let address, let cookie))):
            return finish(transaction, id, .success(.transferred(address, cookie: cookie)))
        case (.outreach(let outreach), _): return answered(transaction, id, outreach, command)
        case (.setPresence, _), (.rename, _), (.service, _), (.add, _), (.remove, _), (.renameContact, _),
            (.setPrivacy, _), (.setAddPrompt, _), (.setPhone, _), (.transfer, _):
            // `ILN`s carry the ID of the `CHG` that they follow, and an `ADD` or `PRP` may be about something else: those
            // answer nothing, and are facts of their own. A referral to no switchboard is neither.
            guard case (.transfer, .referral) = (request, command) else { return unasked(command) }
            return fail(transaction, id, request, with: command.frame)
        }
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
        // A page that was refused is no page that was sent.
        if case .failure = result { _ = sentPages.takeRefused(transaction) }
        return credit(request.command) + [.cancel(.request(transaction)), .complete(id, result)]
    }
}
