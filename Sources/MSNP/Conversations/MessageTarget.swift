/// Whom a message is for.
package enum MessageTarget: Equatable, Sendable {
    /// One person alone: it never goes out where a third person is (docs/decisions.md#private-messages).
    case person(Handle)
    /// Everybody in the conversation.
    case conversation(ConversationID)
}
