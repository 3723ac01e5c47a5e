import ByteText

extension NotificationFlow {
    /// A message that parsed came.
    package mutating func received(_ message: ServerMessage) -> [FlowAction] {
        if case .error(let code, nil) = message, !sawSense, code.rawValue < 500 {
            // `220 mail.example ESMTP` is no error of MSNP's: those of a sign-in carry its number, or are the server's.
            sawNonsense = true
            return [.emit(.ignored(command: code.description))]
        }
        sawSense = true
        if case .dialects = message { isUnprovenReferral = false }
        let message = resolved(message)
        settings.note(message, own: handle)
        let alive = noteSignOfLife(message)
        switch phase {
        case .idle, .queued, .connecting, .waiting, .ended: return []
        case .leaving:
            // A server may answer OUT with OUT, or go on talking for a moment.
            guard case .signedOut = message else { return [] }
            return end(.signedOut)
        case .signingIn(var signIn):
            if case .signedOut(let reason) = message { return end(SessionEnd(reason)) }
            let action = signIn.receive(message, &counter)
            return action == .wait ? unasked(message) : carryOut(action, signIn)
        case .synchronizing(var synchronization):
            // While the phase holds the lists too, each line would copy them all.
            phase = .idle
            let progress = synchronization.receive(message)
            phase = .synchronizing(synchronization)
            return synchronizing(progress, synchronization, message)
        case .announcing(let transaction):
            if let version = message.listVersion { note(version: version) }
            return announcing(transaction, message)
        case .online:
            if let version = message.listVersion { note(version: version) }
            if case .error = message { sawRefusal = true }
            return alive + online(message)
        }
    }

    /// A number that stands alone before a phone property is a list version (protocol.md 5.3), unless a request of ours
    /// for that very property waits under it: then it is the answer, without the version (protocol.md 21.1).
    private func resolved(_ message: ServerMessage) -> ServerMessage {
        switch message {
        case .ownPhone(nil, let number?, let property, let value),
            .contactPhone(let number?, nil, let property, let value):
            let transaction = TransactionID(rawValue: number)
            guard case .request(_, .setPhone(let edit)) = pending[transaction], edit.property == property else {
                return message
            }
            return .ownPhone(transaction, version: nil, property, value)
        default: return message
        }
    }

    private mutating func noteSignOfLife(_ message: ServerMessage) -> [FlowAction] {
        guard awaitsPong else { return [] }
        heardSincePing = true
        // Any word proves life; only QNG proves that the backend answers pings.
        if message == .pong {
            awaitsPong = false
            let isNews = !keepaliveTraits.contains(.answersPing)
            return [.cancel(.pong)] + (isNews ? [.learn(.keepalive(.answersPing))] : [])
        }
        guard keepaliveTraits.contains(.answersPing) else { return [] }
        awaitsPong = false
        return [.cancel(.pong)]
    }

    private mutating func synchronizing(
        _ progress: Synchronization.Progress, _ synchronization: Synchronization, _ message: ServerMessage
    ) -> [FlowAction] {
        switch progress {
        case .begun:
            return [.cancel(.signInStep), .start(.synchronization, timeouts.listsAbsent)]
        case .advanced:
            guard synchronization.hasBegun || synchronization.hasEntries else { return [] }
            let wait = synchronization.hasEntries ? timeouts.listsStalled : timeouts.listsAbsent
            return [.cancel(.signInStep), .start(.synchronization, wait)]
        case .complete(let lists): return [.cancel(.signInStep)] + synchronized(with: lists)
        case .tooMany: return end(.protocolError(.tooManyListEntries))
        case .unrelated:
            if case .error(let code, synchronization.transaction) = message {
                return end(.refused(code, command: "SYN"))
            }
            return unasked(message)
        }
    }

    private mutating func announcing(_ transaction: TransactionID, _ message: ServerMessage) -> [FlowAction] {
        switch message {
        case .ownPresence(transaction, let presence):
            status = presence
            return [.cancel(.signInStep)] + arrive(presence)
        case .error(let code, transaction): return end(.refused(code, command: "CHG"))
        default: return unasked(message)
        }
    }

    private mutating func online(_ message: ServerMessage) -> [FlowAction] {
        if let transaction = message.answeredTransaction, let waiting = pending[transaction] {
            return answered(transaction, waiting, message)
        }
        return unasked(message)
    }

    /// What may come at any time after the sign-in, asked for or not (protocol.md 3, 21.1).
    mutating func unasked(_ message: ServerMessage) -> [FlowAction] {
        switch message {
        case .signedOut(let reason): return end(SessionEnd(reason))
        case .referral(.unsolicited, .notification(let address)): return refer(to: address)
        case .referral(.unsolicited, .restart): return restart()
        case .challenge(_, let challenge): return answer(challenge)
        case .initialPresence(firstAnnouncement, let presence, let member):
            return told(.initialPresence(presence, handle: member.handle, name: member.name), of: member.handle)
        case .initialPresence(_, let presence, let member), .presence(let presence, let member):
            return told(.presence(presence, handle: member.handle, name: member.name), of: member.handle)
        case .offline(let handle):
            return told(.presence(.offline, handle: handle, name: nil), of: handle)
        case .ownPresence(let transaction, let presence):
            // With ID 0 the server's own doing; otherwise the late answer to a request that timed out.
            status = presence == .offline ? status : presence
            return [.emit(.ownPresence(presence, forced: transaction == .unsolicited))]
        case .added(_, let list, let version, let member):
            return [.emit(.listAdded(member, list, version: version))]
        case .removed(_, let list, let version, let handle):
            return [.emit(.listRemoved(handle: handle, list, version: version))]
        case .renamed(let transaction, let version, let member):
            guard isOwn(member.handle) else { return [.emit(.contactRenamed(member, version: version))] }
            // Whoever changed it elsewhere would not want ours back.
            if transaction == .unsolicited { givenName = nil }
            return [.emit(.ownDisplayName(DisplayText.sanitized(member.name)))]
        case .list(_, let entry):
            // A line that comes after the wait for it was given up.
            guard let member = entry.member else { return [] }
            return [.emit(.listAdded(member, entry.list, version: entry.version))]
        case .privacy(_, _, let value): return [.emit(.privacy(value))]
        case .addPrompt(_, _, let value): return [.emit(.addPrompt(value))]
        case .ownPhone(_, _, let property, let value): return [.emit(.ownPhone(property, value))]
        case .contactPhone(_, let handle, let property, let value):
            guard let handle = handle ?? lastListed else { return [] }
            return [.emit(.contactPhone(handle: handle, property, value))]
        case .message(_, let payload): return delivered(payload.value)
        case .error(540, _):
            // Only an answer to a challenge earns it, and the server closes on it.
            return end(.challengeFailed)
        case .ring(let ring): return isOwn(ring.caller.handle) ? [] : [.rang(ring)]
        case .alert(let payload): return alerted(payload.value)
        case .page(let payload): return paged(payload.value)
        case .error(let code, let transaction): return refusedLate(code, transaction)
        case .found, .mailSent, .invitationSent:
            // Nobody waits for it any more: said as for a command that does not parse.
            return [.emit(.ignored(command: message.frame.command))]
        case .referral, .dialects, .securityPackages, .signInChallenge, .signedIn, .clientVersion,
            .synchronization, .pong, .challengeAccepted, .service:
            return []
        }
    }

    func isOwn(_ handle: String) -> Bool { Handle.fold(handle) == Handle.fold(self.handle) }

    /// Presence before the lists are there waits for them: it says nothing of people not yet known.
    private mutating func told(_ event: SessionEvent, of handle: String) -> [FlowAction] {
        guard !isOwn(handle) else { return [] }
        if case .synchronizing = phase {
            if earlyPresence.count < WireLimits.earlyPresence { earlyPresence.append(event) }
            return []
        }
        return [.emit(event)]
    }

    private mutating func answer(_ challenge: String) -> [FlowAction] {
        let transaction = counter.next()
        // Answers that a server swallows are not waited for without number.
        var forgotten: [FlowAction] = []
        let unanswered = pending.filter { $0.value == .challengeAnswer }.keys
        if unanswered.count >= WireLimits.pendingChallenges,
            let oldest = unanswered.min(by: { $0.rawValue < $1.rawValue })
        {
            pending[oldest] = nil
            forgotten = [.cancel(.request(oldest))]
        }
        pending[transaction] = .challengeAnswer
        let answer = digest(challenge + ChallengeKey.official.key)
        return forgotten + [
            .send(
                .answerChallenge(
                    transaction, clientID: ChallengeKey.official.clientID, answer: Redacted(Array(answer.utf8)))),
            .start(.request(transaction), timeouts.request),
        ] + keepaliveRestarted()
    }

    /// Dispatches on the content type alone (protocol.md 10).
    private func delivered(_ payload: [UInt8]) -> [FlowAction] {
        let payload = MIMEPayload(parsing: payload)
        switch payload.contentType {
        case "text/x-msmsgsprofile": return Profile(payload).map { [.emit(.profile($0))] } ?? []
        case "application/x-msmsgssystemmessage":
            // Of other kinds nobody knows what they say: shown to nobody, and logged (protocol.md 10.5).
            guard let notice = SystemMessage(payload) else { return [] }
            return [
                .emit(notice.kind == SystemMessage.maintenance ? .systemMessage(notice) : .ignored(command: "MSG"))
            ]
        default: return MailNotification(payload).map { [.emit(.mail($0))] } ?? []
        }
    }
}

extension SessionEnd {
    fileprivate init(_ reason: SignOutReason) {
        self =
            switch reason {
            case .signedInElsewhere: .signedInElsewhere
            case .serverShutdown: .serverShutdown
            case .unspecified, .other: .serverClosed
            }
    }
}
