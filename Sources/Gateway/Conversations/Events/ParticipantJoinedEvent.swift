/// `participant.joined`: somebody came into a conversation.
struct ParticipantJoinedEvent: EventKind {
    static let name = "participant.joined"

    let conversationId: String
    let participant: ConversationResource.Participant

    func writeMembers(to json: inout JSONWriter) {
        json.member("account", participant.account)
        json.member("conversationId", conversationId)
        json.member("displayName", participant.displayName)
    }
}
