extension ConversationFlow {
    /// Brings people together, or finds them together.
    mutating func open(_ handles: [Handle], _ request: RequestID) -> [ConversationAction] {
        let isKnown = handles.count == 1 && privately[handles[0].folded] != nil
        guard let (id, forgotten) = conversation(with: handles) else {
            return [.complete(request, .failure(.tooManyConversations))]
        }
        let isNew = !isKnown || conversations[id]?.isAnnounced == false
        if conversations[id]?.switchboards.contains(where: { switchboards[$0]?.flow?.reachesSomebody == true }) == true
        {
            return forgotten + announce(id)
                + [.complete(request, .success(ConversationReply(conversation: id, isNew: isNew)))]
        }
        conversations[id]?.openers.append((request, isNew))
        return forgotten + (conversations[id]?.opening == nil ? beginOpening(id) : [])
    }

    /// Has one more person brought in, once what was said before is out.
    mutating func invite(_ handle: Handle, into id: ConversationID, _ request: RequestID) -> [ConversationAction] {
        guard let conversation = conversations[id] else {
            return [.complete(request, .failure(.unknownConversation))]
        }
        guard !conversation.contains(handle.folded) else {
            return [.complete(request, .success(ConversationReply(conversation: id, isNew: false)))]
        }
        use(id)
        let isUnderWay = conversation.inviting[handle.folded] != nil
        // From now on nothing private belongs here.
        conversations[id]?.inviting[handle.folded, default: []].append(request)
        guard !isUnderWay else { return announce(id) }
        conversations[id]?.queue.append(.invite(request, handle))
        return announce(id) + pump(id)
    }

    /// Calls somebody into a switchboard where the others are.
    mutating func bringIn(
        _ handle: Handle, _ request: RequestID, _ id: ConversationID, _ board: SwitchboardID
    ) -> [ConversationAction] {
        // They may have come by themselves meanwhile, and whoever asked was told.
        guard conversations[id]?.inviting[handle.folded] != nil else { return [] }
        return call(handle, to: board)
    }

    /// Calls somebody into a switchboard.
    mutating func call(_ handle: Handle, to board: SwitchboardID) -> [ConversationAction] {
        switchboards[board]?.called.join(handle.folded)
        let conversation = switchboards[board]?.conversation.flatMap { conversations[$0] }
        let isNear = conversation?.switchboards.contains {
            $0 != board && switchboards[$0]?.flow?.isPresent(handle.folded) == true
        }
        let patience = isNear == true ? timeouts.joiningFromBeside : timeouts.joining
        return drive(board) { $0.call(handle, patience: patience) }
    }

    /// Sets a switchboard up and has everybody called there.
    mutating func beginOpening(_ id: ConversationID) -> [ConversationAction] {
        guard let conversation = conversations[id] else { return [] }
        // A server that lets people in and out again, and never so that something can be said, is not followed.
        guard conversation.fruitlessOpenings < ConversationLimits.fruitlessOpenings else {
            return abandon(id, because: .connectionLost) + dropUnannounced(id)
        }
        conversations[id]?.fruitlessOpenings += 1
        let board = nextSwitchboard()
        conversations[id]?.opening = Conversation.Opening(
            switchboard: board, unresolved: conversation.foldedParticipants)
        guard let room = makeRoom() else {
            conversations[id]?.opening = nil
            return notOpened(id, .tooManyConversations)
        }
        switchboards[board] = Switchboard(conversation: id, flow: nil)
        touch(board)
        return room + [.requestTransfer(board)]
    }

    /// The switchboard that was being set up is gone before everybody was there.
    mutating func openingFailed(
        _ id: ConversationID, _ board: SwitchboardID, _ failure: MessageFailure
    ) -> [ConversationAction] {
        guard let opening = conversations[id]?.opening, opening.switchboard == board else { return [] }
        conversations[id]?.opening = nil
        // What failed for no fault of anybody's is tried once more: nothing has gone out.
        if failure.isAccident, conversations[id]?.hasRetried == false {
            conversations[id]?.hasRetried = true
            return beginOpening(id)
        }
        conversations[id]?.hasRetried = false
        return notOpened(id, failure)
    }

    /// Nobody has come: what waits goes by the only way that there is, or has failed.
    private mutating func notOpened(_ id: ConversationID, _ failure: MessageFailure) -> [ConversationAction] {
        guard let way = onlyWay(id) else { return abandon(id, because: failure) + dropUnannounced(id) }
        switchboards[way]?.isOnlyWay = true
        // Whom we called there before that has had his time to come.
        switchboards[way]?.called = .nobody
        return completeOpeners(id) + pump(id)
    }

    /// Where the one person of a conversation is, and nobody else.
    private func onlyWay(_ id: ConversationID) -> SwitchboardID? {
        guard let conversation = conversations[id], !conversation.isGroup, conversation.participants.count == 1
        else { return nil }
        let folded = Handle.fold(conversation.participants[0].handle)
        return conversation.switchboards.last { id in
            guard let board = switchboards[id], board.flow?.reachesSomebody == true else { return false }
            return board.isAlone(folded)
        }
    }

    /// One of those who were called has come or can't.
    mutating func resolve(_ folded: HandleKey, in id: ConversationID, _ failure: MessageFailure?)
        -> [ConversationAction]
    {
        guard var opening = conversations[id]?.opening, opening.unresolved.remove(folded) != nil else { return [] }
        if let failure { opening.unreached.append((folded, failure)) } else { opening.hasCome = true }
        conversations[id]?.opening = opening
        guard opening.unresolved.isEmpty else { return [] }
        conversations[id]?.opening = nil
        conversations[id]?.hasRetried = false
        guard opening.hasCome else {
            return notOpened(id, opening.unreached.first?.failure ?? .notJoined)
        }
        var actions: [ConversationAction] = []
        // Before they are taken out, which takes their spelling with them.
        let absent = opening.unreached.map { folded, failure in
            let member = conversations[id]?.participants.first { Handle.fold($0.handle) == folded }
            return Absence(handle: member?.handle ?? folded.text, failure: failure)
        }
        for (folded, _) in opening.unreached { actions += remove(folded, from: id) }
        reconsider(id)
        return actions + announce(id) + completeOpeners(id, absent: absent) + pump(id)
    }

    /// Answers those who wait for the opening: the conversation has somebody in it.
    mutating func completeOpeners(_ id: ConversationID, absent: [Absence] = []) -> [ConversationAction] {
        let openers = conversations[id]?.openers ?? []
        conversations[id]?.openers = []
        if !openers.isEmpty { conversations[id]?.fruitlessOpenings = 0 }
        return openers.map {
            .complete(
                $0.request, .success(ConversationReply(conversation: id, isNew: $0.isNew, absent: absent)))
        }
    }

    /// A group into which only one came, and of which nobody was told, has never been one.
    private mutating func reconsider(_ id: ConversationID) {
        guard let conversation = conversations[id], !conversation.isAnnounced, conversation.participants.count == 1
        else { return }
        conversations[id]?.isGroup = false
        let folded = Handle.fold(conversation.participants[0].handle)
        if privately[folded].flatMap({ conversations[$0] })?.isPrivate(with: folded) != true { privately[folded] = id }
    }

    /// Somebody is no longer part of a group.
    mutating func remove(_ folded: HandleKey, from id: ConversationID) -> [ConversationAction] {
        guard let conversation = conversations[id],
            let index = conversation.participants.firstIndex(where: { Handle.fold($0.handle) == folded })
        else { return [] }
        let member = conversation.participants[index]
        conversations[id]?.participants.remove(at: index)
        let told: [ConversationAction] = conversation.isAnnounced ? [.emit(.left(id, handle: member.handle))] : []
        return conversation.participants.count > 1 ? told : told + close(id, .everybodyLeft)
    }

    /// A conversation of which nobody knows and into which nobody came has never been.
    private mutating func dropUnannounced(_ id: ConversationID) -> [ConversationAction] {
        conversations[id]?.isAnnounced == false ? close(id, .forgotten) : []
    }
}

extension MessageFailure {
    /// Whether the same may well succeed the next time, and right away.
    fileprivate var isAccident: Bool {
        switch self {
        case .connectionLost, .unreachable(.refused), .unreachable(.timedOut), .unreachable(.closed): true
        // A cookie that has gone stale on the way.
        case .refused(911, command: "USR"): true
        case .contactOffline, .notJoined, .notDelivered, .refused, .appearingOffline, .tooActive, .notPrivate,
            .nonsense, .timedOut, .notSupported, .unreachable, .conversationClosed, .tooManyConversations, .queueFull,
            .unknownConversation, .notOnline:
            false
        }
    }
}
