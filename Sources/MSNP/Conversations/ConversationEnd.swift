/// Why a conversation was closed; the end of a switchboard alone closes none.
package enum ConversationEnd: String, Equatable, Sendable {
    /// We left.
    case left
    /// Everybody else left the group.
    case everybodyLeft
    /// It was silent for longer than any other, and there are too many.
    case forgotten
}
