import MSNP

/// What a session waits for, in either of its flows.
enum SessionTimer: Hashable {
    case notification(FlowTimer)
    case conversation(ConversationTimer)
    /// A command went out to the notification server; the next may follow although nothing has answered it.
    case pause
}
