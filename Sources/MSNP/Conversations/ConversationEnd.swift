/// Why a conversation was closed; a switchboard that comes and goes under it is no reason.
package enum ConversationEnd: String, Equatable, Sendable {
    /// We left.
    case left
    /// Everybody else left the group.
    case everybodyLeft
    /// Nobody has said anything in it for longer than in any other, and there are too many.
    case forgotten
}
