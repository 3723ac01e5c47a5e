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

/// Why a conversation was closed; the end of a switchboard alone closes none.
package enum ConversationEnd: String, Equatable, Sendable {
    /// We left.
    case left
    /// Everybody else left the group.
    case everybodyLeft
    /// It was silent for longer than any other, and there are too many.
    case forgotten
}

/// What became of a message; each message has one outcome, once.
package enum MessageOutcome: Equatable, Sendable {
    /// The switchboard has acknowledged all of it.
    case delivered
    /// It went out, and nobody said whether it arrived: no `ACK` came in time, or the connection was lost before.
    case unconfirmed
    /// - Parameter partial: of a text in several parts some of which went out: how many Unicode scalars of it arrived, from its
    ///   beginning; nil where nothing went out, or all that there was.
    case failed(MessageFailure, partial: Int? = nil)
}
