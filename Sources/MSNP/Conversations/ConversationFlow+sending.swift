extension ConversationFlow {
    /// Sends what can go out of the queue now, and makes sure that the rest can go out later.
    mutating func sendQueued(_ id: ConversationID) -> [ConversationAction] {
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

    /// Whether the part of the same text before it has arrived, or the backend would not say so.
    ///
    /// What follows a refused part is not sent.
    private func mayFollow(_ part: MessagePart) -> Bool {
        guard let message = underway[part.message], message.isInParts else { return true }
        return message.inFlight == 0 || isAcknowledgementHopeless
    }

    /// The switchboard for an item of the queue; nil when there is none yet, which is then asked for.
    private mutating func board(
        for item: SendQueue.Item, of conversation: Conversation, _ actions: inout [ConversationAction]
    ) -> SwitchboardID? {
        let live = conversation.switchboards.filter { switchboards[$0]?.flow?.reachesSomebody == true }
        let usable = live.filter { isFit($0, for: item, of: conversation) }
        // The next message follows those that are unanswered: two connections keep no order.
        let busy = live.filter { switchboards[$0]?.flow?.hasUnacknowledged == true }
        guard let board = usable.last(where: busy.contains) ?? usable.last, let flow = switchboards[board]?.flow else {
            // A second switchboard would leave the person deaf on the first, and on the first there are others.
            if keepsOneSwitchboard, case .part(let part) = item, let person = part.audience,
                switchboards.values.contains(where: { $0.flow?.isPresent(person) == true })
            {
                actions += settle(part.message, .failed(.notPrivate)) + sendQueued(conversation.id)
            } else if conversation.opening == nil {
                actions += beginOpening(conversation.id)
            }
            return nil
        }
        // If it can't go there, it waits for the answer.
        guard busy.isEmpty || busy.contains(board) else { return nil }
        // Nobody is called twice while it is not known who comes.
        guard conversation.opening?.switchboard != board else { return nil }
        // People who left a group by idling are called back before anything is said without them.
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

    /// A message went out, or nothing waits any more.
    private mutating func noteProgress(_ id: ConversationID) {
        conversations[id]?.fruitlessOpenings = 0
        conversations[id]?.fruitlessCalls = 0
    }

    /// Whether an item of the queue may go out on a switchboard.
    ///
    /// Whoever has opened a switchboard for one person may be saying private things there. So others are invited only
    /// to switchboards that we have opened ourselves, or where there are several people already.
    private func isFit(_ board: SwitchboardID, for item: SendQueue.Item, of conversation: Conversation) -> Bool {
        guard let switchboard = switchboards[board] else { return false }
        switch item {
        case .part(let part): return part.audience.map { switchboard.isPrivate(with: $0) } ?? true
        case .invite:
            return conversation.isGroup || switchboard.caller == nil || switchboard.isOnlyWay || keepsOneSwitchboard
        }
    }

    /// Takes the outcome of one payload.
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

    /// Reports a message's outcome; the parts that are left are not sent any more.
    mutating func settle(_ message: OutgoingMessageID, _ outcome: MessageOutcome) -> [ConversationAction] {
        guard let underway = underway.removeValue(forKey: message) else { return [] }
        var outcome = outcome
        if case .failed(let failure, nil) = outcome {
            queuedBytes -= conversations[underway.conversation]?.queue.remove(message) ?? 0
            if underway.isInParts, underway.hasGoneOut { outcome = .failed(failure, partial: underway.arrived) }
        }
        return [.emit(.settled(message, underway.conversation, outcome))]
    }

    /// Fails everything that waits for a conversation's switchboard.
    mutating func abandon(_ id: ConversationID, because failure: MessageFailure) -> [ConversationAction] {
        guard let conversation = conversations[id] else { return [] }
        let items = conversations[id]?.queue.drain() ?? []
        conversations[id]?.openers = []
        conversations[id]?.inviting = [:]
        noteProgress(id)
        var actions: [ConversationAction] = []
        for item in items {
            // Invitations are completed below, with the other requests.
            guard case .part(let part) = item else { continue }
            queuedBytes -= part.text.text.utf8.count
            actions += settle(part.message, .failed(failure))
        }
        let waiting = conversation.openers.map(\.request) + conversation.inviting.values.flatMap(\.self)
        return actions
            + waiting.sorted { $0.rawValue < $1.rawValue }.map { .complete($0, .failure(failure)) }
    }
}
