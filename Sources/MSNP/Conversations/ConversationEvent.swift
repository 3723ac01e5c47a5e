/// A fact about the conversations of a session, in the order in which it became true.
package enum ConversationEvent: Equatable, Sendable {
    /// There is a conversation with these people now, as the server spells them; two and more make it a group.
    case opened(ConversationID, participants: [ListMember])
    case closed(ConversationID, ConversationEnd)
    /// Somebody came into a conversation; a second person makes it a group for good.
    case joined(ConversationID, ListMember)
    /// Somebody left a group.
    case left(ConversationID, handle: String)
    /// A message of ours is on its way; comes before anything that becomes of it.
    case sent(OutgoingMessageID, ConversationID)
    /// A message that was `sent` and has not gone out does so in another conversation: a third person has come into the one
    /// that it was for, and it is for one person alone.
    case moved(OutgoingMessageID, ConversationID)
    /// Comes once for each message that was `sent`.
    case settled(OutgoingMessageID, ConversationID, MessageOutcome)
    /// Somebody said something. An offer is already declined when this is told.
    case received(ConversationID, from: ListMember, PersonalMessage)
}
