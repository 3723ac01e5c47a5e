/// `conversation.opened`: there is a conversation that was not there.
struct ConversationOpenedEvent: EventKind {
    static let name = "conversation.opened"

    let conversation: ConversationResource

    func writeMembers(to json: inout JSONWriter) {
        json.member("conversation", conversation)
    }
}
