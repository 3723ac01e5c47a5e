/// The `data` of what happens in conversations.
extension EventData {
    /// Of `conversation.opened` and `conversation.closed`.
    struct ConversationChange: Encodable, Sendable {
        let conversation: ConversationResource
        /// Of `conversation.closed`.
        var reason: String?
    }

    /// Of `participant.joined` and `participant.left`.
    struct Participant: Encodable, Sendable {
        let conversationId: String
        let account: String
        let displayName: String
    }

    /// Of `message.received`.
    struct MessageReceived: Encodable, Sendable {
        let messageId: String
        let conversationId: String
        let group: Bool
        let from: String
        let displayName: String
        /// Absent where the message is no text.
        let text: String?
        let format: FormatResource?
        let contentType: String
        /// The character set that the sender named, where it is not known here.
        let charset: String?
        /// True where the rest of a message in several pieces never came.
        let incomplete: Bool?
    }

    /// Of `message.ignored`.
    struct MessageIgnored: Encodable, Sendable {
        let conversationId: String
        let group: Bool
        let from: String
        let contentType: String
    }

    /// Of `message.sent`, `message.delivered`, `message.unconfirmed` and `message.failed`.
    struct MessageProgress: Encodable, Sendable {
        let messageId: String
        let conversationId: String
        let group: Bool
        let text: String
        /// Of `message.sent`, where one was asked for.
        let format: FormatResource?
        let clientRef: String?
        /// Of `message.failed`.
        let reason: MessageReason?
        /// Of `message.failed`, where some of it went out: how many Unicode scalars of `text` arrived.
        let partial: Int?
    }

    /// Of `typing`.
    struct Typing: Encodable, Sendable {
        let conversationId: String
        let group: Bool
        let account: String
    }

    /// Of `invitation.received`.
    struct InvitationReceived: Encodable, Sendable {
        let conversationId: String
        let from: String
        let application: String?
        let fileName: String?
        /// Bytes.
        let fileSize: UInt64?
        let answer: String
    }
}
