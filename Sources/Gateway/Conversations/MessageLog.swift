import DequeModule
import MSNP

/// The messages that a session has sent: those that wait for their outcome, and the last ones that have it.
struct MessageLog: Sendable {
    private var messages: [OutgoingMessageID: SentMessage] = [:]
    /// Those that have their outcome, in the order in which it came: what was asked for last is what is asked about.
    private var settled: Deque<OutgoingMessageID> = []
    /// Bytes of their texts.
    private var settledBytes = 0
    /// Those whose outcome nobody has been told of yet.
    private var news: [SentMessage] = []
    private var lastNumber: UInt64 = 0

    subscript(_ id: OutgoingMessageID) -> SentMessage? { messages[id] }

    /// A number for a message, sent or received, that no other has.
    mutating func nextNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    /// Notes a message that is about to be handed to the client.
    mutating func register(_ draft: MessageDraft, at now: Timestamp) -> SentMessage {
        let message = SentMessage(id: OutgoingMessageID(rawValue: nextNumber()), draft: draft, sentAt: now)
        messages[message.id] = message
        return message
    }

    /// The client has not taken it after all.
    mutating func withdraw(_ id: OutgoingMessageID) {
        guard messages[id]?.delivery == .pending else { return }
        messages[id] = nil
    }

    /// The client has taken it; nil when that is not news.
    mutating func send(_ id: OutgoingMessageID, in conversation: ConversationID, at now: Timestamp) -> SentMessage? {
        guard let known = messages[id], known.conversation == nil else { return nil }
        messages[id]?.conversation = conversation
        messages[id]?.sentAt = now
        return messages[id]
    }

    /// It goes out in another conversation than was thought.
    mutating func move(_ id: OutgoingMessageID, to conversation: ConversationID) {
        guard messages[id]?.delivery == .pending else { return }
        messages[id]?.conversation = conversation
    }

    /// Its outcome is known; nil when that is not news.
    mutating func settle(_ id: OutgoingMessageID, _ delivery: Delivery) -> SentMessage? {
        guard var message = messages[id], message.conversation != nil, message.delivery == .pending else { return nil }
        message.delivery = delivery
        messages[id] = message
        news.append(message)
        settled.append(id)
        settledBytes += message.draft.text.text.utf8.count
        while settled.count > MessagingLimits.settledMessages
            || settledBytes > MessagingLimits.settledBytes && settled.count > 1
        {
            let oldest = messages.removeValue(forKey: settled.removeFirst())
            settledBytes -= oldest?.draft.text.text.utf8.count ?? 0
        }
        return message
    }

    /// Those that were sent and wait for their outcome, in the order in which they were sent.
    var pending: [OutgoingMessageID] {
        messages.values.filter { $0.delivery == .pending && $0.conversation != nil }.map(\.id)
            .sorted { $0.rawValue < $1.rawValue }
    }

    /// Those whose outcome has become known since this was asked last.
    mutating func takeNews() -> [SentMessage] {
        defer { news = [] }
        return news
    }
}
