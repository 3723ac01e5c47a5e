/// `participant.left`: somebody left a conversation.
struct ParticipantLeftEvent: EventKind {
    static let name = "participant.left"

    let conversationId: String
    let participant: ConversationResource.Participant

    func writeMembers(to json: inout JSONWriter) {
        json.member("account", participant.account)
        json.member("conversationId", conversationId)
        json.member("displayName", participant.displayName)
    }
}
