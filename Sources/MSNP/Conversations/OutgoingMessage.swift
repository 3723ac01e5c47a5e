/// A text on its way to people; however many payloads it takes, it is one message.
package struct OutgoingMessage: Equatable, Sendable {
    package let id: OutgoingMessageID
    package let text: MessageText
    /// How the text is to look; nil leaves that to the reader.
    package let format: TextFormat?

    package init(id: OutgoingMessageID, text: MessageText, format: TextFormat?) {
        self.id = id
        self.text = text
        self.format = format
    }
}

/// Names a message that a session sends; the caller chooses it and never uses it again.
package struct OutgoingMessageID: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}

/// Whom a message is for.
package enum MessageTarget: Equatable, Sendable {
    /// One person alone: it never goes out where a third person is (docs/decisions.md#private-messages).
    case person(Handle)
    /// Everybody in the conversation.
    case conversation(ConversationID)
}

/// A message, or the part of it that one payload holds.
package struct MessagePart: Equatable, Sendable {
    package let message: OutgoingMessageID
    package let text: ChatText
    /// The folded handle of the person for whom alone it is; nil for everybody in the conversation.
    package let audience: HandleKey?

    package init(message: OutgoingMessageID, text: ChatText, audience: HandleKey?) {
        self.message = message
        self.text = text
        self.audience = audience
    }
}

/// What became of one payload.
package enum PartOutcome: Equatable, Sendable {
    case delivered
    /// `NAK`, or an error.
    case notDelivered
    /// Neither `ACK` nor `NAK` in time.
    case ignored
    /// The connection ended first.
    case unknown
}
