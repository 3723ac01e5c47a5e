import MSNP

/// What a session waits for, in either of its flows.
enum SessionTimer: Hashable {
    case notification(FlowTimer)
    case conversation(ConversationTimer)
}
