import MSNP

/// What happens in conversations: applied to the book, and told.
extension SessionRecord {
    /// What is told from here.
    static let conversationKinds: [any EventKind.Type] = [
        ConversationOpenedEvent.self, ConversationClosedEvent.self, ParticipantJoinedEvent.self,
        ParticipantLeftEvent.self, MessageReceivedEvent.self, MessageSentEvent.self, MessageDeliveredEvent.self,
        MessageUnconfirmedEvent.self, MessageFailedEvent.self, MessageIgnoredEvent.self, TypingEvent.self,
        InvitationReceivedEvent.self,
    ]

    mutating func apply(_ event: ConversationEvent, _ now: Timestamp) {
        switch event {
        case .opened(let id, let participants):
            guard let conversation = conversations.open(id, participants, at: now, uptime: uptime) else { return }
            unsaved?.changePeople(of: id)
            append(ConversationOpenedEvent(conversation: resource(of: conversation)), now)
        case .closed(let id, let end):
            guard let conversation = conversations.close(id) else { return }
            unsaved?.close(conversation)
            append(ConversationClosedEvent(conversation: resource(of: conversation), reason: end.rawValue), now)
        case .joined(let id, let member):
            guard conversations.change(id, { $0.join(member) }) == true else { return }
            unsaved?.changePeople(of: id)
            append(ParticipantJoinedEvent(change: change(member, in: id)), now)
        case .left(let id, let handle):
            guard let member = conversations.change(id, { $0.leave(handle) }) ?? nil else { return }
            unsaved?.changePeople(of: id, left: member)
            append(ParticipantLeftEvent(change: change(member, in: id)), now)
        case .sent(let message, let id):
            guard let sent = conversations.messages.send(message, in: id, at: now) else { return }
            noteMessage(in: id, now)
            guard let progress = progress(of: sent) else { return }
            append(MessageSentEvent(progress: progress), now)
            conversations.messages.tell(message, as: journal.head)
        case .moved(let message, let id):
            conversations.messages.move(message, to: id)
            noteMessage(in: id, now)
        case .settled(let message, _, let outcome): settle(message, Delivery(outcome), now)
        case .received(let id, let member, let message): receive(message, from: member, in: id, now)
        }
    }

    private mutating func noteMessage(in id: ConversationID, _ now: Timestamp) {
        _ = conversations.change(id) { $0.noteMessage(at: now, uptime: uptime) }
        unsaved?.conversations.insert(id)
    }

    /// What was under way when the process before this one ended: nobody will hear what became of it.
    mutating func leaveUnconfirmed(at now: Timestamp, uptime: Duration) {
        self.uptime = uptime
        for message in conversations.messages.pending { settle(message, .unconfirmed, now) }
    }

    /// The session ends: what is under way has failed, as nobody will hear what becomes of it.
    mutating func failPendingMessages(_ now: Timestamp) {
        for message in conversations.messages.pending { settle(message, .signedOut, now) }
    }

    private mutating func settle(_ id: OutgoingMessageID, _ delivery: Delivery, _ now: Timestamp) {
        guard let message = conversations.messages.settle(id, delivery, at: uptime) else { return }
        guard let progress = progress(of: message) else { return }
        switch delivery {
        case .pending: break
        case .delivered: append(MessageDeliveredEvent(progress: progress), now)
        case .unconfirmed: append(MessageUnconfirmedEvent(progress: progress), now)
        case .failed, .signedOut, .failedBefore: append(MessageFailedEvent(progress: progress), now)
        }
    }

    /// Nil while the client has not taken the message.
    private func progress(of message: SentMessage) -> MessageProgress? {
        resource(of: message).map { resource in
            MessageProgress(message: resource, group: message.conversation.map(isGroup) ?? false)
        }
    }

    private mutating func receive(
        _ message: PersonalMessage, from member: ListMember, in id: ConversationID, _ now: Timestamp
    ) {
        if conversations.change(id, { $0.rename(member) }) == true { unsaved?.changePeople(of: id) }
        let account = account(of: member.handle)
        switch message {
        case .text(let chat):
            noteMessage(in: id, now)
            received(chat, "text/plain", from: member, in: id, now)
        case .other(let contentType):
            // What does not say what it is counts as bytes (RFC 9110, 8.3).
            received(nil, contentType ?? "application/octet-stream", from: member, in: id, now)
        case .typing:
            append(TypingEvent(conversationId: name(of: id), group: isGroup(id), account: account), now)
        case .ignored(let contentType):
            append(
                MessageIgnoredEvent(
                    conversationId: name(of: id), group: isGroup(id), from: account,
                    contentType: DisplayText.sanitized(contentType)), now)
        case .invitation(let invitation):
            // The other steps belong to offers that were declined, or that we never made.
            guard invitation.step == .invite else { return }
            append(
                InvitationReceivedEvent(
                    conversationId: name(of: id), from: account,
                    application: invitation.application.map(DisplayText.sanitized),
                    fileName: invitation.fileName.map(DisplayText.sanitized), fileSize: invitation.fileSize,
                    answer: "declined"), now)
        }
    }

    private mutating func received(
        _ chat: ChatText?, _ contentType: String, from member: ListMember, in id: ConversationID, _ now: Timestamp
    ) {
        let number = conversations.messages.nextNumber()
        append(
            MessageReceivedEvent(
                messageId: ResourceID(epoch: journal.epoch, .message, number).text, conversationId: name(of: id),
                group: isGroup(id), from: account(of: member.handle), displayName: displayName(of: member),
                text: chat?.text, format: chat?.format.map(FormatResource.init),
                contentType: DisplayText.sanitized(contentType), charset: chat?.unknownCharset,
                incomplete: chat?.isIncomplete == true ? true : nil), now)
    }

    // MARK: - As the API shows them

    /// Whether it ever had a second person in it besides us.
    private func isGroup(_ id: ConversationID) -> Bool { conversations.open[id]?.isGroup == true }

    func name(of id: ConversationID) -> String {
        ResourceID(epoch: journal.epoch, .conversation, id.rawValue).text
    }

    func name(of id: OutgoingMessageID) -> String {
        ResourceID(epoch: journal.epoch, .message, id.rawValue).text
    }

    /// The conversation that a caller names; nil when none of this session ever had that name.
    func conversation(named text: String) -> ConversationID? {
        ResourceID(parsing: text, epoch: journal.epoch, .conversation).map { ConversationID(rawValue: $0.number) }
            .flatMap { conversations.hasKnown($0) ? $0 : nil }
    }

    /// The message that a caller names, as it is now; nil when it is not kept.
    func message(named text: String) -> MessageResource? {
        ResourceID(parsing: text, epoch: journal.epoch, .message)
            .flatMap { conversations.messages[OutgoingMessageID(rawValue: $0.number)] }.flatMap(resource)
    }

    /// Whether the next process would know of a message that the client has taken.
    func isWritten(_ name: String) -> Bool {
        ResourceID(parsing: name, epoch: journal.epoch, .message)
            .flatMap { conversations.messages[OutgoingMessageID(rawValue: $0.number)] }
            .map { $0.conversation != nil && $0.told <= journal.written } ?? false
    }

    var conversationResources: [ConversationResource] { conversations.sorted.map(resource) }

    func resource(of conversation: OpenConversation) -> ConversationResource {
        ConversationResource(
            id: name(of: conversation.id),
            participants: conversation.participants.map(participant),
            group: conversation.isGroup, createdAt: conversation.createdAt,
            lastMessageAt: conversation.lastMessageAt)
    }

    /// Nil while the client has not taken the message.
    func resource(of message: SentMessage) -> MessageResource? {
        guard let conversation = message.conversation else { return nil }
        return MessageResource(
            id: name(of: message.id), conversationId: name(of: conversation), text: message.draft.text.text,
            format: message.draft.format.map(FormatResource.init), sentAt: message.sentAt,
            clientRef: message.draft.clientRef, delivery: message.delivery.word, reason: message.delivery.reason,
            partial: message.delivery.partial)
    }

    private func change(_ member: ListMember, in id: ConversationID) -> ParticipantChange {
        ParticipantChange(conversationId: name(of: id), participant: participant(member))
    }

    private func participant(_ member: ListMember) -> ConversationResource.Participant {
        ConversationResource.Participant(account: account(of: member.handle), displayName: displayName(of: member))
    }

    /// As the lists spell somebody, whatever capitals a switchboard or a mail has; else as it came.
    func account(of handle: String) -> String {
        guard handle.utf8.count <= WireLimits.handle, let contact = roster.contact(handle) else {
            return DisplayText.sanitized(handle)
        }
        return contact.account
    }

    /// What the lists call somebody, as the name of a switchboard is a snapshot (docs/protocol.md#participants); else
    /// that, else the account.
    private func displayName(of member: ListMember) -> String {
        if let contact = roster.contact(member.handle), !contact.displayName.isEmpty { return contact.displayName }
        return DisplayText.sanitized(member.name.isEmpty ? member.handle : member.name)
    }

    // MARK: - Calls

    /// Whether to answer somebody who calls (docs/protocol.md#privacy, #being-called).
    func admitsCall(_ caller: String) -> Bool {
        guard !hasEnded, status != .appearOffline else { return false }
        let lists = roster.contact(caller)?.lists ?? []
        // On both lists of a server that does not mind, the block list wins.
        if lists.contains(.block) { return false }
        return lists.contains(.allow) || roster.privacy == .allow
    }
}
