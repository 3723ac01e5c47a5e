/// What the events of somebody who comes into a conversation, or leaves it, have in common.
struct ParticipantChange: JSONObject, Sendable {
    let conversationId: String
    let participant: ConversationResource.Participant

    func writeMembers(to json: inout JSONWriter) {
        json.member("account", participant.account)
        json.member("conversationId", conversationId)
        json.member("displayName", participant.displayName)
    }
}
