/// Whom a message is for.
package enum MessageTarget: Equatable, Sendable {
    /// One person alone: it never goes out where a third person is (design: 2.5).
    case person(Handle)
    /// Everybody in the conversation.
    case conversation(ConversationID)
}
