extension ConversationFlow {
    /// Runs one step of a switchboard, and acts on its reports.
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
                if switchboards.removeValue(forKey: board)?.caller != nil { actions.append(.cancel(.settling(board))) }
                actions.append(.close(board))
            }
        }
        return actions
    }

    private mutating func take(_ report: SwitchboardReport, from board: SwitchboardID) -> [ConversationAction] {
        if case .ignored(let command) = report { return [.ignored(command: command)] }
        if case .dropped(let command) = report { return [.dropped(command: command)] }
        switch report {
        case .entered(let present):
            for guest in present { switchboards[board]?.guests.join(Handle.fold(guest.handle)) }
        case .joined(let member): switchboards[board]?.guests.join(Handle.fold(member.handle))
        default: break
        }
        if case .free = report { return switchboards[board]?.conversation.map { sendQueued($0) } ?? [] }
        if case .settled(let part, let outcome) = report {
            // The conversation may be closed already, but the message still has an outcome.
            return learn(outcome) + settled(part, outcome)
                + (switchboards[board]?.conversation.map { sendQueued($0) } ?? [])
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
        case .settled, .free, .ignored, .dropped: return []
        }
    }

    /// What the outcome shows about the backend, for all its sessions.
    private func learn(_ outcome: PartOutcome) -> [ConversationAction] {
        switch outcome {
        case .delivered, .notDelivered: [.learn(.answersMessages(true))]
        case .ignored: [.learn(.answersMessages(false))]
        case .unknown: []
        }
    }

    // MARK: - Coming in

    /// We are in a switchboard that we asked for: calls everybody.
    private mutating func entered(
        _ board: SwitchboardID, _ id: ConversationID, _ present: [ListMember]
    ) -> [ConversationAction] {
        guard let conversation = conversations[id] else { return drive(board) { $0.leave() } }
        conversations[id]?.switchboards.insert(board, at: 0)
        var actions: [ConversationAction] = []
        for member in conversation.participants {
            guard let handle = try? Handle(validating: member.handle) else {
                // The server gave this handle, and one that does not fit on a line can't be called
                // (docs/protocol.md#encoding).
                actions += resolve(Handle.fold(member.handle), in: id, .contactOffline(208))
                continue
            }
            actions += call(handle, to: board)
        }
        for member in present { actions += joined(member, id, board) }
        return actions
    }

    /// We have answered a call: finds the conversation with the people who are there.
    private mutating func answered(_ board: SwitchboardID, _ present: [ListMember]) -> [ConversationAction] {
        guard !present.isEmpty else { return drive(board) { $0.leave() } }
        let folded = Set(present.map { Handle.fold($0.handle) })
        let known: ConversationID? =
            // A group of the same people whose switchboard is gone.
            conversations.values.filter {
                $0.isGroup && $0.switchboards.isEmpty && $0.participants.count == folded.count
                    && $0.foldedParticipants == folded
            }.max { $0.lastUse < $1.lastUse }?.id
        let found: (ConversationID, [ConversationAction])? =
            present.count == 1 ? privateConversation(with: present[0]) : known.map { ($0, []) } ?? add(present)
        guard let (id, forgotten) = found else { return drive(board) { $0.leave() } }
        switchboards[board]?.conversation = id
        // At the front, because nobody has spoken there yet.
        conversations[id]?.switchboards.insert(board, at: 0)
        use(id)
        var actions = forgotten + announce(id)
        for member in present { update(member, in: id) }
        if keepsOneSwitchboard {
            switchboards[board]?.isSettled = true
        } else {
            actions.append(.start(.settling(board), timeouts.settling))
        }
        // A person who is being called elsewhere has come this way. Private messages wait until nobody else can be
        // here, or for our own call.
        return actions + completeOpeners(id) + sendQueued(id)
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
            if conversation.participants.count == 1, !conversation.isGroup { actions += splitOff(id, keeping: board) }
            conversations[id]?.participants.append(member)
            conversations[id]?.isGroup = true
            actions.append(.emit(.joined(id, member)))
        }
        for request in conversations[id]?.inviting.removeValue(forKey: folded) ?? [] {
            actions.append(.complete(request, .success(ConversationReply(conversation: id, isNew: true))))
        }
        if conversations[id]?.opening?.switchboard == board { actions += resolve(folded, in: id, nil) }
        return actions + sendQueued(id)
    }

    /// A third person has joined on one switchboard.
    ///
    /// The other switchboards with the same person become another conversation, and private messages continue there,
    /// once: those that have moved before fail. Otherwise a server that lets somebody else in first each time would
    /// make us open conversations without end.
    private mutating func splitOff(_ id: ConversationID, keeping board: SwitchboardID) -> [ConversationAction] {
        guard let conversation = conversations[id], let partner = conversation.participants.first else { return [] }
        let folded = Handle.fold(partner.handle)
        if privately[folded] == id { privately[folded] = nil }
        var others = conversation.switchboards.filter { $0 != board }
        conversations[id]?.switchboards.removeAll { $0 != board }
        let all = conversations[id]?.queue.takePrivate() ?? []
        let words = all.filter { underway[$0.message]?.hasMoved != true }
        let failed = refuse(all.filter { underway[$0.message]?.hasMoved == true }, because: .notPrivate)
        let opening = conversation.opening.flatMap { $0.switchboard == board ? nil : $0 }
        var openers: [(request: RequestID, isNew: Bool)] = []
        if opening != nil {
            conversations[id]?.opening = nil
            openers = conversation.openers
            conversations[id]?.openers = []
        }
        guard !others.isEmpty || !words.isEmpty || opening != nil else { return failed }
        guard let (apart, forgotten) = privateConversation(with: partner) else {
            return failed + refuse(words, openers, others + (opening.map { [$0.switchboard] } ?? []))
        }
        var actions = failed + forgotten
        if let opening, conversations[apart]?.opening == nil {
            conversations[apart]?.opening = opening
            switchboards[opening.switchboard]?.conversation = apart
        } else if let opening {
            // One call is enough.
            others.removeAll { $0 == opening.switchboard }
            actions += giveUp(opening.switchboard)
        }
        for other in others { switchboards[other]?.conversation = apart }
        conversations[apart]?.switchboards += others
        conversations[apart]?.openers += openers
        if !others.isEmpty || !words.isEmpty { actions += announce(apart) }
        for message in conversations[apart]?.queue.prepend(words) ?? [] {
            underway[message]?.conversation = apart
            underway[message]?.hasMoved = true
            actions.append(.emit(.moved(message, apart)))
        }
        let isReached = others.contains { switchboards[$0]?.flow?.reachesSomebody == true }
        return actions + (isReached ? completeOpeners(apart) : []) + sendQueued(apart)
    }

    /// Fails what can't move, because there is no room for another conversation.
    private mutating func refuse(
        _ words: [MessagePart], _ openers: [(request: RequestID, isNew: Bool)], _ boards: [SwitchboardID]
    ) -> [ConversationAction] {
        var actions = refuse(words, because: .tooManyConversations)
        actions += openers.map { .complete($0.request, .failure(.tooManyConversations)) }
        for board in boards { actions += giveUp(board) }
        return actions
    }

    /// Fails messages that were taken out of a queue.
    private mutating func refuse(_ words: [MessagePart], because failure: MessageFailure) -> [ConversationAction] {
        var actions: [ConversationAction] = []
        for part in words {
            queuedBytes -= part.text.text.utf8.count
            actions += settle(part.message, .failed(failure))
        }
        return actions
    }

    /// Takes over the server's spelling of a handle and name, which is newer than ours.
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
        // A group with two switchboards is left by leaving one of them only if the person is not on the other.
        let isElsewhere = conversation.switchboards.contains {
            $0 != board && switchboards[$0]?.flow?.isPresent(folded) == true
        }
        return isElsewhere ? [] : remove(folded, from: id) + sendQueued(id)
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
        // A person who was called back into a group and not reached is no longer part of it.
        guard let conversation = conversations[id], conversation.isGroup else { return actions }
        return actions + remove(folded, from: id) + sendQueued(id)
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
        // The people who were called there, and nowhere else.
        var actions: [ConversationAction] = []
        for folded in conversation.inviting.keys.sorted() where !conversation.queue.invites(folded) {
            let isCalled = conversation.switchboards.contains { switchboards[$0]?.flow?.isCalling(folded) == true }
            for request in isCalled ? [] : conversations[id]?.inviting.removeValue(forKey: folded) ?? [] {
                actions.append(.complete(request, .failure(failure ?? .connectionLost)))
            }
        }
        return actions + sendQueued(id)
    }

    // MARK: - What people say

    private mutating func received(
        _ payload: MIMEPayload, from sender: ListMember, _ id: ConversationID, _ board: SwitchboardID
    ) -> [ConversationAction] {
        let message = PersonalMessage(payload)
        var actions: [ConversationAction] = []
        if message != .typing {
            use(id)
            touch(board)
            // Our answer goes to where they spoke last (docs/protocol.md#switchboards).
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
