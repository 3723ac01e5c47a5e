/// A request to a session's conversations that is answered later.
package enum ConversationRequest: Equatable, Sendable {
    /// Brings people together: with one person the conversation that there is or a new one, with more a new group.
    ///
    /// Answered once each has joined or can't be reached, with the conversation if anybody came.
    case open([Handle])
    /// Brings one more person in; answered when they have joined.
    case invite(Handle, into: ConversationID)
}
