/// What a session's conversations wait for.
package enum ConversationTimer: Hashable, Sendable {
    case switchboard(SwitchboardID, SwitchboardTimer)
    /// The pause before `XFR` is repeated.
    case transferRetry(SwitchboardID)
    /// Whoever has called us there may still be bringing others in.
    case settling(SwitchboardID)
    /// Calls that were answered are counted anew.
    case calls
    /// Others were told that we are typing, and need not be told again so soon.
    case typing(ConversationID)
}
