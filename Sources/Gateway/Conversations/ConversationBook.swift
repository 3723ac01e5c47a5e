import MSNP

/// The conversations of a session and the messages that it has sent.
struct ConversationBook: Sendable {
    private(set) var open: [ConversationID: OpenConversation] = [:]
    var messages = MessageLog()
    /// The highest number that a conversation had.
    private(set) var lastNumber: UInt64 = 0

    init() {}

    /// Those that were kept, with the last number that none is given any more.
    init(_ open: [OpenConversation], lastNumber: UInt64, messages: MessageLog) {
        self.open = Dictionary(uniqueKeysWithValues: open.map { ($0.id, $0) })
        self.lastNumber = lastNumber
        self.messages = messages
    }

    /// Takes in a new one; nil when it is known.
    mutating func open(
        _ id: ConversationID, _ participants: [ListMember], at now: Timestamp, uptime: Duration
    ) -> OpenConversation? {
        guard open[id] == nil else { return nil }
        lastNumber = max(lastNumber, id.rawValue)
        let conversation = OpenConversation(id: id, participants: participants, createdAt: now, uptime: uptime)
        open[id] = conversation
        return conversation
    }

    mutating func close(_ id: ConversationID) -> OpenConversation? { open.removeValue(forKey: id) }

    /// Changes one that is open; nil when there is none of that ID.
    mutating func change<Value>(_ id: ConversationID, _ body: (inout OpenConversation) -> Value) -> Value? {
        guard var conversation = open[id] else { return nil }
        let value = body(&conversation)
        open[id] = conversation
        return value
    }

    /// Whether there is a conversation of that ID or was one.
    func hasKnown(_ id: ConversationID) -> Bool { id.rawValue <= lastNumber && id.rawValue > 0 || open[id] != nil }

    /// The open ones, the last active first.
    var sorted: [OpenConversation] {
        open.values.sorted { ($0.lastActivity, $0.id.rawValue) > ($1.lastActivity, $1.id.rawValue) }
    }
}
