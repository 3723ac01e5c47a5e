extension ConversationFlow {
    /// Sends what waits, as far as it can go out now; makes sure that the rest can some time.
    mutating func pump(_ id: ConversationID) -> [ConversationAction] {
        var actions: [ConversationAction] = []
        while let conversation = conversations[id], let item = conversation.queue.first {
            if case .part(let part) = item, part.audience != nil, conversation.isGroup {
                actions += settle(part.message, .failed(.becameGroup))
                continue
            }
            guard let board = board(for: item, of: conversation, &actions) else { return actions }
            switch item {
            case .part(let part):
                if let audience = part.audience, !isAlone(audience, on: board, of: conversation) {
                    actions += settle(part.message, .failed(.becameGroup))
                    continue
                }
                guard switchboards[board]?.flow?.hasRoom == true else { return actions }
                conversations[id]?.queue.removeFirst()
                queuedBytes -= part.text.text.utf8.count
                let patience = isAcknowledgementHopeless ? timeouts.hopelessAcknowledgement : timeouts.acknowledgement
                actions += drive(board) { $0.send(part, patience: patience) }
            case .invite(let request, let handle):
                conversations[id]?.queue.removeFirst()
                actions += bringIn(handle, request, id, board)
            }
        }
        return actions
    }

    /// The switchboard to speak on now; nil when there is none yet, of which one is then under way.
    private mutating func board(
        for item: SendQueue.Item, of conversation: Conversation, _ actions: inout [ConversationAction]
    ) -> SwitchboardID? {
        let isForOne = if case .part(let part) = item { part.audience != nil } else { false }
        let usable = conversation.switchboards.filter { id in
            guard let board = switchboards[id], board.flow?.reachesSomebody == true else { return false }
            return board.isPrivate || !isForOne
        }
        // Where something is unanswered the next goes too: two connections keep no order.
        let busy = usable.last { switchboards[$0]?.flow?.hasUnacknowledged == true }
        guard let board = busy ?? usable.last, let flow = switchboards[board]?.flow else {
            if conversation.opening == nil { actions += beginOpening(conversation.id) }
            return nil
        }
        // Until it is known who comes, nobody is called twice.
        guard conversation.opening?.switchboard != board else { return nil }
        // Those who fell out of a group by idling are called back before anything is said without them.
        var isComplete = true
        for member in conversation.participants {
            let folded = Handle.fold(member.handle)
            guard !flow.isPresent(folded) else { continue }
            isComplete = false
            guard !flow.isCalling(folded), let handle = try? Handle(validating: member.handle) else { continue }
            actions += drive(board) { $0.call(handle) }
        }
        return isComplete ? board : nil
    }

    private func isAlone(_ folded: String, on board: SwitchboardID, of conversation: Conversation) -> Bool {
        guard !conversation.isGroup, let present = switchboards[board]?.flow?.present else { return false }
        return present.allSatisfy { Handle.fold($0.handle) == folded }
    }

    /// One payload has its outcome.
    mutating func settled(_ part: MessagePart, _ outcome: PartOutcome) -> [ConversationAction] {
        guard var message = underway[part.message] else { return [] }
        switch outcome {
        case .notDelivered: return settle(part.message, .failed(.notDelivered))
        case .delivered: break
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
        if case .failed = outcome {
            queuedBytes -= conversations[underway.conversation]?.queue.remove(message) ?? 0
        }
        return [.emit(.settled(message, underway.conversation, outcome))]
    }

    /// Whoever waits for a conversation's switchboard waits in vain.
    mutating func abandon(_ id: ConversationID, because failure: MessageFailure) -> [ConversationAction] {
        guard let conversation = conversations[id] else { return [] }
        let items = conversations[id]?.queue.drain() ?? []
        conversations[id]?.openers = []
        conversations[id]?.inviting = [:]
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
