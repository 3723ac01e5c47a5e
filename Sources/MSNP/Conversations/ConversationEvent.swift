/// A fact about the conversations of a session, in the order in which it became true.
package enum ConversationEvent: Equatable, Sendable {
    /// There is a new conversation with these people, as the server spells them; with two or more it is a group.
    case opened(ConversationID, participants: [ListMember])
    case closed(ConversationID, ConversationEnd)
    /// Somebody joined a conversation; a second person makes it a group for good.
    case joined(ConversationID, ListMember)
    /// Somebody left a group.
    case left(ConversationID, handle: String)
    /// A message of ours is accepted for sending; comes before all other events about it.
    case sent(OutgoingMessageID, ConversationID)
    /// A message that was `sent` and has not gone out yet continues in another conversation: it is for one person
    /// alone, and a third person has joined the conversation that it was in.
    case moved(OutgoingMessageID, ConversationID)
    /// Comes once for each message that was `sent`.
    case settled(OutgoingMessageID, ConversationID, MessageOutcome)
    /// Somebody said something. An offer has already been declined.
    case received(ConversationID, from: ListMember, PersonalMessage)
}
