public import FoundationEssentials

/// What a person means by one, whatever connections come and go under it.
public struct Conversation: Decodable, Equatable, Sendable {
    public let id: String
    /// The others.
    public let participants: [Participant]
    /// Whether there ever was a second person in it, besides the session's own.
    public let group: Bool
    public let createdAt: Date
    /// When the last text was sent or received; nil before the first.
    public let lastMessageAt: Date?
    /// Those who were asked and did not come, in the answer to who opened it; nil otherwise.
    public let absent: [Absentee]?

    /// Somebody in a conversation.
    public struct Participant: Decodable, Equatable, Sendable {
        public let account: String
        public let displayName: String
    }

    /// Somebody who did not come.
    public struct Absentee: Decodable, Equatable, Sendable {
        public let account: String
        public let reason: Word<MessageReason>
    }
}
