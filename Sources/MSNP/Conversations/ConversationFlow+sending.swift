extension ConversationFlow {
    /// Sends what waits, as far as it can go out now; makes sure that the rest can some time.
    mutating func pump(_ id: ConversationID) -> [ConversationAction] {
        var actions: [ConversationAction] = []
        while let conversation = conversations[id], let item = conversation.queue.first {
            guard let board = board(for: item, of: conversation, &actions) else { return actions }
            switch item {
            case .part(let part):
                guard switchboards[board]?.flow?.hasRoom == true, mayFollow(part) else { return actions }
                conversations[id]?.queue.removeFirst()
                underway[part.message]?.inFlight += 1
                underway[part.message]?.hasGoneOut = true
                noteProgress(id)
                queuedBytes -= part.text.text.utf8.count
                touch(board)
                let patience = isAcknowledgementHopeless ? timeouts.hopelessAcknowledgement : timeouts.acknowledgement
                actions += drive(board) { $0.send(part, patience: patience) }
            case .invite(let request, let handle):
                conversations[id]?.queue.removeFirst()
                noteProgress(id)
                actions += bringIn(handle, request, id, board)
            }
        }
        return actions
    }

    /// Whether the part of the same text before it has arrived, or nobody would say so: what follows a part that was refused
    /// is not sent.
    private func mayFollow(_ part: MessagePart) -> Bool {
        guard let message = underway[part.message], message.isInParts else { return true }
        return message.inFlight == 0 || isAcknowledgementHopeless
    }

    /// The switchboard to speak on now; nil when there is none yet, of which one is then under way.
    private mutating func board(
        for item: SendQueue.Item, of conversation: Conversation, _ actions: inout [ConversationAction]
    ) -> SwitchboardID? {
        let live = conversation.switchboards.filter { switchboards[$0]?.flow?.reachesSomebody == true }
        let usable = live.filter { isFit($0, for: item, of: conversation) }
        // Where something is unanswered the next goes too: two connections keep no order.
        let busy = live.filter { switchboards[$0]?.flow?.hasUnacknowledged == true }
        guard let board = usable.last(where: busy.contains) ?? usable.last, let flow = switchboards[board]?.flow else {
            // Another switchboard would leave the person deaf, and where they are there are others.
            if keepsOneSwitchboard, case .part(let part) = item, let person = part.audience,
                switchboards.values.contains(where: { $0.flow?.isPresent(person) == true })
            {
                actions += settle(part.message, .failed(.notPrivate)) + pump(conversation.id)
            } else if conversation.opening == nil {
                actions += beginOpening(conversation.id)
            }
            return nil
        }
        // And where it can't go there it waits for the answer.
        guard busy.isEmpty || busy.contains(board) else { return nil }
        // Until it is known who comes, nobody is called twice.
        guard conversation.opening?.switchboard != board else { return nil }
        // Those who fell out of a group by idling are called back before anything is said without them.
        var isComplete = true
        for member in conversation.participants {
            let folded = Handle.fold(member.handle)
            guard !flow.isPresent(folded) else { continue }
            isComplete = false
            guard !flow.isCalling(folded), let handle = try? Handle(validating: member.handle) else { continue }
            guard conversation.fruitlessCalls < ConversationLimits.fruitlessCalls else {
                actions += abandon(conversation.id, because: .notJoined)
                return nil
            }
            conversations[conversation.id]?.fruitlessCalls += 1
            actions += call(handle, to: board)
        }
        return isComplete ? board : nil
    }

    /// Something is on its way, or nothing waits any more.
    private mutating func noteProgress(_ id: ConversationID) {
        conversations[id]?.fruitlessOpenings = 0
        conversations[id]?.fruitlessCalls = 0
    }

    /// Whether a switchboard is the place for something that waits.
    ///
    /// Who has opened a switchboard for one person may be saying private things there: others are brought in only where we
    /// have opened it ourselves, or where there are several already.
    private func isFit(_ board: SwitchboardID, for item: SendQueue.Item, of conversation: Conversation) -> Bool {
        guard let switchboard = switchboards[board] else { return false }
        switch item {
        case .part(let part): return part.audience.map { switchboard.isPrivate(with: $0) } ?? true
        case .invite:
            return conversation.isGroup || switchboard.caller == nil || switchboard.isOnlyWay || keepsOneSwitchboard
        }
    }

    /// One payload has its outcome.
    mutating func settled(_ part: MessagePart, _ outcome: PartOutcome) -> [ConversationAction] {
        guard var message = underway[part.message] else { return [] }
        message.inFlight -= 1
        switch outcome {
        case .notDelivered: return settle(part.message, .failed(.notDelivered))
        case .delivered: if !message.isUnconfirmed { message.arrived += part.text.text.unicodeScalars.count }
        case .ignored, .unknown: message.isUnconfirmed = true
        }
        message.parts -= 1
        underway[part.message] = message
        guard message.parts <= 0 else { return [] }
        return settle(part.message, message.isUnconfirmed ? .unconfirmed : .delivered)
    }

    /// A message has its outcome; what is left of it is not sent any more.
    mutating func settle(_ message: OutgoingMessageID, _ outcome: MessageOutcome) -> [ConversationAction] {
        guard let underway = underway.removeValue(forKey: message) else { return [] }
        var outcome = outcome
        if case .failed(let failure, nil) = outcome {
            queuedBytes -= conversations[underway.conversation]?.queue.remove(message) ?? 0
            if underway.isInParts, underway.hasGoneOut { outcome = .failed(failure, partial: underway.arrived) }
        }
        return [.emit(.settled(message, underway.conversation, outcome))]
    }

    /// Whoever waits for a conversation's switchboard waits in vain.
    mutating func abandon(_ id: ConversationID, because failure: MessageFailure) -> [ConversationAction] {
        guard let conversation = conversations[id] else { return [] }
        let items = conversations[id]?.queue.drain() ?? []
        conversations[id]?.openers = []
        conversations[id]?.inviting = [:]
        noteProgress(id)
        var actions: [ConversationAction] = []
        for item in items {
            // Invitations are among those who wait.
            guard case .part(let part) = item else { continue }
            queuedBytes -= part.text.text.utf8.count
            actions += settle(part.message, .failed(failure))
        }
        let waiting = conversation.openers.map(\.request) + conversation.inviting.values.flatMap(\.self)
        return actions
            + waiting.sorted { $0.rawValue < $1.rawValue }.map { .complete($0, .failure(failure)) }
    }
}
