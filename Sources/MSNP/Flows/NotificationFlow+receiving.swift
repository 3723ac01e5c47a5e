import ByteText

extension NotificationFlow {
    /// A command came that could be read.
    package mutating func received(_ command: ServerCommand) -> [FlowAction] {
        // Hundreds of lines that mean nothing but this: what follows looks at each for half a dozen other reasons.
        if case .list = command, case .synchronizing = phase, !awaitsPong {
            sawSense = true
            return synchronize(with: command)
        }
        if case .error(let code, nil) = command, !sawSense, code.rawValue < 500 {
            // `220 mail.example ESMTP` is no error of MSNP: errors of a sign-in carry its number, or have a code of the
            // server's own trouble.
            sawNonsense = true
            return [.emit(.ignored(command: code.description))]
        }
        sawSense = true
        if case .dialects = command { isUnprovenReferral = false }
        let command = resolved(command)
        settings.note(command, own: handle)
        let alive = noteSignOfLife(command)
        switch phase {
        case .idle, .queued, .connecting, .waiting, .ended: return []
        case .leaving:
            // A server may answer OUT with OUT, or go on talking for a moment.
            guard case .signedOut = command else { return [] }
            return end(.signedOut)
        case .signingIn(var signIn):
            if case .signedOut(let reason) = command { return end(SessionEnd(reason)) }
            let action = signIn.receive(command, &counter)
            return action == .wait ? handleUnsolicited(command) : carryOut(action, signIn)
        case .synchronizing: return synchronize(with: command)
        case .announcing(let transaction):
            if let version = command.listVersion { note(version: version) }
            return announcing(transaction, command)
        case .online:
            if let version = command.listVersion { note(version: version) }
            if case .error = command { sawRefusal = true }
            if case .initialPresence = command { heardAnnouncement = true }
            return alive.followed(by: online(command))
        }
    }

    /// A number that stands alone before a phone property is a list version (docs/protocol.md#synchronization), unless
    /// a request of ours for that very property waits under it: then it is the answer, without the version
    /// (docs/protocol.md#phones).
    private func resolved(_ command: ServerCommand) -> ServerCommand {
        switch command {
        case .ownPhone(nil, let number?, let property, let value),
            .contactPhone(let number?, nil, let property, let value):
            let transaction = TransactionID(rawValue: number)
            guard case .request(_, .setPhone(let edit)) = pending[transaction], edit.property == property else {
                return command
            }
            return .ownPhone(transaction, version: nil, property, value)
        default: return command
        }
    }

    private mutating func noteSignOfLife(_ command: ServerCommand) -> [FlowAction] {
        guard awaitsPong else { return [] }
        heardSincePing = true
        // Any command shows that the server lives; only QNG shows that it answers pings.
        if command == .pong {
            awaitsPong = false
            let isNews = !keepaliveTraits.contains(.answersPing)
            return [.cancel(.pong)] + (isNews ? [.learn(.keepalive(.answersPing))] : [])
        }
        guard keepaliveTraits.contains(.answersPing) else { return [] }
        awaitsPong = false
        return [.cancel(.pong)]
    }

    private mutating func synchronize(with command: ServerCommand) -> [FlowAction] {
        guard case .synchronizing(var synchronization) = phase else { return [] }
        // If the phase held the lists as well, each line would copy them all.
        phase = .idle
        let progress = synchronization.receive(command)
        phase = .synchronizing(synchronization)
        switch progress {
        case .begun:
            return [.cancel(.signInStep), .start(.synchronization, timeouts.listsAbsent)]
        case .advanced:
            guard synchronization.hasEntries else {
                guard synchronization.hasBegun else { return [] }
                return [.cancel(.signInStep), .start(.synchronization, timeouts.listsAbsent)]
            }
            guard listsGoOn.isEmpty else { return listsGoOn }
            listsGoOn = [.start(.synchronization, timeouts.listsStalled)]
            return [.cancel(.signInStep)] + listsGoOn
        case .complete(let lists): return [.cancel(.signInStep)] + synchronized(with: lists)
        case .tooMany: return end(.protocolError(.tooManyListEntries))
        case .unrelated:
            if case .error(let code, synchronization.transaction) = command {
                return end(.refused(code, command: "SYN"))
            }
            return handleUnsolicited(command)
        }
    }

    private mutating func announcing(_ transaction: TransactionID, _ command: ServerCommand) -> [FlowAction] {
        switch command {
        case .ownPresence(transaction, let presence):
            status = presence
            return [.cancel(.signInStep)] + arrive(presence)
        case .error(let code, transaction): return end(.refused(code, command: "CHG"))
        default: return handleUnsolicited(command)
        }
    }

    private mutating func online(_ command: ServerCommand) -> [FlowAction] {
        if let transaction = command.answeredTransaction, let waiting = pending[transaction] {
            return answered(transaction, waiting, command)
        }
        return handleUnsolicited(command)
    }

    /// Handles a command that may come at any time after the sign-in, asked for or not
    /// (docs/protocol.md#sign-in-steps, #servers-differ).
    mutating func handleUnsolicited(_ command: ServerCommand) -> [FlowAction] {
        switch command {
        case .signedOut(let reason): return end(SessionEnd(reason))
        case .referral(.unsolicited, .notification(let address)): return refer(to: address)
        case .referral(.unsolicited, .restart): return restart()
        case .challenge(_, let challenge): return answer(challenge)
        case .initialPresence(firstAnnouncement, let presence, let member):
            return reportPresence(
                .initialPresence(presence, handle: member.handle, name: member.name), of: member.handle)
        case .initialPresence(_, let presence, let member), .presence(let presence, let member):
            return reportPresence(.presence(presence, handle: member.handle, name: member.name), of: member.handle)
        case .offline(let handle):
            return reportPresence(.presence(.offline, handle: handle, name: nil), of: handle)
        case .ownPresence(let transaction, let presence):
            // With ID 0 the server did it by itself; otherwise it is the late answer to a request that timed out.
            status = presence == .offline ? status : presence
            return [.emit(.ownPresence(presence, forced: transaction == .unsolicited))]
        case .added(_, let list, let version, let member):
            return [.emit(.listAdded(member, list, version: version))]
        case .removed(_, let list, let version, let handle):
            return [.emit(.listRemoved(handle: handle, list, version: version))]
        case .renamed(let transaction, let version, let member):
            guard isOwn(member.handle) else { return [.emit(.contactRenamed(member, version: version))] }
            // Another client has changed the name, and ours must not come back.
            if transaction == .unsolicited { givenName = nil }
            return [.emit(.ownDisplayName(DisplayText.sanitized(member.name)))]
        case .list(_, let entry):
            // The line came after we stopped waiting for it.
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
            // Only a wrong answer to a challenge gets 540, and the server closes after it.
            return end(.challengeFailed)
        case .ring(let ring): return isOwn(ring.caller.handle) ? [] : [.rang(ring)]
        case .alert(let payload): return alerted(payload.value)
        case .page(let payload): return paged(payload.value)
        case .error(let code, let transaction): return refusedLate(code, transaction)
        case .found, .mailSent, .invitationSent:
            // Nobody waits for it any more: ignored like a command that can't be read.
            return [.emit(.ignored(command: command.frame.command))]
        case .referral, .dialects, .securityPackages, .signInChallenge, .signedIn, .clientVersion,
            .synchronization, .pong, .challengeAccepted, .service:
            return []
        }
    }

    func isOwn(_ handle: String) -> Bool { ASCII.equalsFolded(handle, self.handle) }

    /// Keeps presence that comes before the lists, because it may be about people who are not known yet.
    private mutating func reportPresence(_ event: SessionEvent, of handle: String) -> [FlowAction] {
        guard !isOwn(handle) else { return [] }
        if case .synchronizing = phase {
            if earlyPresence.count < WireLimits.earlyPresence { earlyPresence.append(event) }
            return []
        }
        return [.emit(event)]
    }

    private mutating func answer(_ challenge: String) -> [FlowAction] {
        let transaction = counter.next()
        // A server may leave our answers without a reply: only so many are remembered.
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

    /// Looks at the content type alone (docs/protocol.md#server-messages).
    private func delivered(_ payload: [UInt8]) -> [FlowAction] {
        let payload = MIMEPayload(parsing: payload)
        switch payload.contentType {
        case "text/x-msmsgsprofile": return Profile(payload).map { [.emit(.profile($0))] } ?? []
        case "application/x-msmsgssystemmessage":
            // No document says what other kinds mean: they are logged and not shown (docs/protocol.md#system-messages).
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

/// A client's public name and private key for `CHL` (docs/protocol.md#challenges).
package struct ChallengeKey: Equatable, Sendable {
    package let clientID: String
    /// Every document about the protocol prints it, so it is no secret.
    package let key: String

    package init(clientID: String, key: String) {
        self.clientID = clientID
        self.key = key
    }

    /// The pair of the official client 3.6.0038, with which MSNP6 came.
    package static let official = ChallengeKey(clientID: "msmsgs@msnmsgr.com", key: "Q1P7W2E4J9R8U3S5")
}
