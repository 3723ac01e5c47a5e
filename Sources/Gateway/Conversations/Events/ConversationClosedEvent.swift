/// `conversation.closed`: a conversation is over.
struct ConversationClosedEvent: EventKind {
    static let name = "conversation.closed"

    let conversation: ConversationResource
    let reason: String

    func writeMembers(to json: inout JSONWriter) {
        json.member("conversation", conversation)
        json.member("reason", reason)
    }
}
