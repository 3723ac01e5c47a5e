/// What a session's conversations wait for.
package enum ConversationTimer: Hashable, Sendable {
    case switchboard(SwitchboardID, SwitchboardTimer)
    /// The pause before `XFR` is repeated.
    case transferRetry(SwitchboardID)
    /// The person who called us there may still be bringing others in.
    case settling(SwitchboardID)
    /// The count of the calls that we answered begins anew.
    case calls
    /// A typing notification was sent, and the next one can wait.
    case typing(ConversationID)
}
