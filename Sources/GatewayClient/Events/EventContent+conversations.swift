extension EventContent {
    /// `conversation.opened` and `conversation.closed`.
    public struct ConversationChange: Decodable, Equatable, Sendable {
        public let conversation: Conversation
        /// Why it was closed: `left`, `everybodyLeft`, `forgotten` or another; nil where it was opened.
        public let reason: String?
    }

    /// `participant.joined` and `participant.left`.
    public struct ParticipantChange: Decodable, Equatable, Sendable {
        public let conversationId: String
        public let account: String
        public let displayName: String
    }

    /// `message.received`: somebody said something.
    public struct ReceivedMessage: Decodable, Equatable, Sendable {
        public let messageId: String
        public let conversationId: String
        /// Whether others are in the conversation, or were.
        public let group: Bool
        /// The account.
        public let from: String
        public let displayName: String
        /// Line ends are LF; nil where it is no text, and then `contentType` says what it is.
        public let text: String?
        /// How it looks; nil where the sender did not say.
        public let format: TextFormat?
        public let contentType: String
        /// Whether pieces of it never came; nil where it is whole.
        public let incomplete: Bool?
        /// The character set that the sender named, where nobody knows it; nil otherwise.
        public let charset: String?
    }

    /// `message.sent`, `message.delivered`, `message.unconfirmed` and `message.failed`, whoever of the session sent it.
    public struct SentMessage: Decodable, Equatable, Sendable {
        public let messageId: String
        public let conversationId: String
        /// Whether others are in the conversation, or were.
        public let group: Bool
        public let text: String
        /// The sender's own name for it; nil without one.
        public let clientRef: String?
        /// Why it failed; nil where it did not.
        public let reason: Word<MessageReason>?
        /// Characters (Unicode scalars) that arrived before the rest failed; nil where that is not the matter.
        public let partial: Int?
    }

    /// `message.ignored`: something that clients say to each other.
    public struct IgnoredMessage: Decodable, Equatable, Sendable {
        public let conversationId: String
        /// Whether others are in the conversation, or were.
        public let group: Bool
        /// The account.
        public let from: String
        public let contentType: String
    }

    /// `typing`: somebody is about to say something.
    public struct Typing: Decodable, Equatable, Sendable {
        public let conversationId: String
        /// Whether others are in the conversation, or were.
        public let group: Bool
        public let account: String
    }

    /// `invitation.received`: somebody offered a file, or something else that is not taken.
    public struct Invitation: Decodable, Equatable, Sendable {
        public let conversationId: String
        /// The account.
        public let from: String
        /// What was offered; nil where the sender did not say.
        public let application: String?
        /// Of a file; nil for anything else.
        public let fileName: String?
        /// Bytes; nil for anything but a file.
        public let fileSize: Int?
        /// What it was answered: `declined`, or another word.
        public let answer: String
    }
}
