extension ConversationFlow {
    /// Lets a switchboard take a step, and carries on with what it reports.
    mutating func drive(
        _ board: SwitchboardID, _ step: (inout SwitchboardFlow) -> [SwitchboardAction]
    ) -> [ConversationAction] {
        guard var flow = switchboards[board]?.flow else { return [] }
        let steps = step(&flow)
        switchboards[board]?.flow = flow
        var actions: [ConversationAction] = []
        for step in steps {
            switch step {
            case .send(let command): actions.append(.send(board, command))
            case .start(let timer, let duration): actions.append(.start(.switchboard(board, timer), duration))
            case .cancel(let timer): actions.append(.cancel(.switchboard(board, timer)))
            case .report(let report): actions += take(report, from: board)
            case .close:
                switchboards[board] = nil
                actions.append(.close(board))
            }
        }
        return actions
    }

    private mutating func take(_ report: SwitchboardReport, from board: SwitchboardID) -> [ConversationAction] {
        if case .ignored(let command) = report { return [.ignored(command: command)] }
        if case .settled(let part, let outcome) = report {
            // Its conversation may be closed already; the message has its outcome all the same.
            return learn(outcome) + settled(part, outcome) + (switchboards[board]?.conversation.map { pump($0) } ?? [])
        }
        guard let id = switchboards[board]?.conversation else {
            if case .entered(let present) = report { return answered(board, present) }
            return []
        }
        switch report {
        case .entered(let present): return entered(board, id, present)
        case .joined(let member): return joined(member, id, board)
        case .left(let handle, let idle): return left(handle, idle, id, board)
        case .unreached(let handle, let failure): return unreached(handle, failure, id, board)
        case .received(let sender, let payload): return received(payload, from: sender, id, board)
        case .ended(let failure): return ended(board, id, failure)
        case .settled, .ignored: return []
        }
    }

    /// What it shows of the backend, for all its sessions.
    private func learn(_ outcome: PartOutcome) -> [ConversationAction] {
        switch outcome {
        case .delivered, .notDelivered: [.learn(.answersMessages(true))]
        case .ignored: [.learn(.answersMessages(false))]
        case .unknown: []
        }
    }

    // MARK: - Coming in

    /// We are in a switchboard that we asked for: everybody is called.
    private mutating func entered(
        _ board: SwitchboardID, _ id: ConversationID, _ present: [ListMember]
    ) -> [ConversationAction] {
        guard let conversation = conversations[id] else { return drive(board) { $0.leave() } }
        conversations[id]?.switchboards.insert(board, at: 0)
        var actions: [ConversationAction] = []
        for member in conversation.participants {
            guard let handle = try? Handle(validating: member.handle) else {
                // What can't stand on a line can't be called (protocol.md 1.6).
                actions += resolve(Handle.fold(member.handle), in: id, .contactOffline(208))
                continue
            }
            actions += drive(board) { $0.call(handle) }
        }
        for member in present { actions += joined(member, id, board) }
        return actions
    }

    /// We have answered a call: it belongs to the conversation with whoever is there.
    private mutating func answered(_ board: SwitchboardID, _ present: [ListMember]) -> [ConversationAction] {
        guard !present.isEmpty else { return drive(board) { $0.leave() } }
        let folded = Set(present.map { Handle.fold($0.handle) })
        let known: ConversationID? =
            // The same people again, in a group whose switchboard is gone.
            conversations.values.filter {
                $0.isGroup && $0.switchboards.isEmpty && $0.foldedParticipants == folded
            }.max { $0.lastUse < $1.lastUse }?.id
        let found: (ConversationID, [ConversationAction])? =
            present.count == 1 ? privateConversation(with: present[0]) : known.map { ($0, []) } ?? add(present)
        guard let (id, forgotten) = found else { return drive(board) { $0.leave() } }
        switchboards[board]?.conversation = id
        // In front: nobody has spoken there yet.
        conversations[id]?.switchboards.insert(board, at: 0)
        use(id)
        var actions = forgotten + announce(id)
        for member in present { update(member, in: id) }
        // Whoever is being called elsewhere has come by this way; what is for them alone still waits for our own call.
        let openers = conversations[id]?.openers ?? []
        conversations[id]?.openers = []
        actions += openers.map {
            .complete($0.request, .success(ConversationReply(conversation: id, isNew: $0.isNew)))
        }
        return actions + pump(id)
    }

    private mutating func joined(
        _ member: ListMember, _ id: ConversationID, _ board: SwitchboardID
    ) -> [ConversationAction] {
        guard let conversation = conversations[id] else { return [] }
        let folded = Handle.fold(member.handle)
        var actions: [ConversationAction] = []
        if conversation.contains(folded) {
            update(member, in: id)
        } else {
            actions += announce(id)
            if conversation.participants.count == 1, !conversation.isGroup { actions += part(id, keeping: board) }
            conversations[id]?.participants.append(member)
            conversations[id]?.isGroup = true
            actions.append(.emit(.joined(id, member)))
        }
        for request in conversations[id]?.inviting.removeValue(forKey: folded) ?? [] {
            actions.append(.complete(request, .success(ConversationReply(conversation: id, isNew: true))))
        }
        return actions + resolve(folded, in: id, nil) + pump(id)
    }

    /// A third person comes in on one switchboard; the others with the same person are another conversation from now on.
    private mutating func part(_ id: ConversationID, keeping board: SwitchboardID) -> [ConversationAction] {
        guard let conversation = conversations[id], let partner = conversation.participants.first else { return [] }
        let folded = Handle.fold(partner.handle)
        if privately[folded] == id { privately[folded] = nil }
        var actions: [ConversationAction] = []
        if let opening = conversation.opening, opening.switchboard != board {
            conversations[id]?.opening = nil
            let openers = conversations[id]?.openers ?? []
            conversations[id]?.openers = []
            actions += openers.map {
                .complete($0.request, .success(ConversationReply(conversation: id, isNew: $0.isNew)))
            }
            actions += give(up: opening.switchboard)
        }
        let others = conversation.switchboards.filter { $0 != board }
        conversations[id]?.switchboards.removeAll { $0 != board }
        guard !others.isEmpty else { return actions }
        guard let (apart, forgotten) = privateConversation(with: partner) else {
            for other in others { actions += give(up: other) }
            return actions
        }
        for other in others { switchboards[other]?.conversation = apart }
        conversations[apart]?.switchboards += others
        return actions + forgotten + announce(apart)
    }

    /// The server's spelling of handle and name is the newest that there is.
    private mutating func update(_ member: ListMember, in id: ConversationID) {
        let folded = Handle.fold(member.handle)
        guard let index = conversations[id]?.participants.firstIndex(where: { Handle.fold($0.handle) == folded })
        else { return }
        conversations[id]?.participants[index] = member
    }

    // MARK: - Going

    private mutating func left(
        _ handle: String, _ idle: Bool, _ id: ConversationID, _ board: SwitchboardID
    ) -> [ConversationAction] {
        guard let conversation = conversations[id], conversation.isGroup, !idle else { return [] }
        let folded = Handle.fold(handle)
        // Of two switchboards of a group that is left by closing one.
        let isElsewhere = conversation.switchboards.contains {
            $0 != board && switchboards[$0]?.flow?.isPresent(folded) == true
        }
        return isElsewhere ? [] : remove(folded, from: id) + pump(id)
    }

    private mutating func unreached(
        _ handle: Handle, _ failure: MessageFailure, _ id: ConversationID, _ board: SwitchboardID
    ) -> [ConversationAction] {
        let folded = handle.folded
        var actions: [ConversationAction] = []
        for request in conversations[id]?.inviting.removeValue(forKey: folded) ?? [] {
            actions.append(.complete(request, .failure(failure)))
        }
        if conversations[id]?.opening?.switchboard == board { return actions + resolve(folded, in: id, failure) }
        // Called back into a group and not reached: they are no longer part of it, and nobody waits for them.
        guard let conversation = conversations[id], conversation.isGroup else { return actions }
        return actions + remove(folded, from: id) + pump(id)
    }

    private mutating func ended(
        _ board: SwitchboardID, _ id: ConversationID, _ failure: MessageFailure?
    ) -> [ConversationAction] {
        switchboards[board]?.conversation = nil
        conversations[id]?.switchboards.removeAll { $0 == board }
        guard let conversation = conversations[id] else { return [] }
        if conversation.opening?.switchboard == board {
            return openingFailed(id, board, failure ?? .connectionLost)
        }
        // Those who were called there and are called nowhere else now.
        var actions: [ConversationAction] = []
        for folded in conversation.inviting.keys.sorted() where !conversation.queue.invites(folded) {
            let isCalled = conversation.switchboards.contains { switchboards[$0]?.flow?.isCalling(folded) == true }
            for request in isCalled ? [] : conversations[id]?.inviting.removeValue(forKey: folded) ?? [] {
                actions.append(.complete(request, .failure(failure ?? .connectionLost)))
            }
        }
        return actions + pump(id)
    }

    // MARK: - What people say

    private mutating func received(
        _ payload: MIMEPayload, from sender: ListMember, _ id: ConversationID, _ board: SwitchboardID
    ) -> [ConversationAction] {
        let message = PersonalMessage(payload)
        var actions: [ConversationAction] = []
        if message != .typing {
            use(id)
            switchboards[board]?.hasHeard = true
            // The answer goes where they spoke last (protocol.md 8.3).
            if conversations[id]?.switchboards.last != board {
                conversations[id]?.switchboards.removeAll { $0 == board }
                conversations[id]?.switchboards.append(board)
            }
        }
        if case .invitation(let invitation) = message, invitation.step == .invite {
            actions += drive(board) { $0.send(Invitation.decline(invitation.cookie), .onFailure) }
        }
        return actions + announce(id) + [.emit(.received(id, from: sender, message))]
    }
}
