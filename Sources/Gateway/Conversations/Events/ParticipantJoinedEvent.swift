/// `participant.joined`: somebody came into a conversation.
struct ParticipantJoinedEvent: EventKind {
    static let name = "participant.joined"

    let change: ParticipantChange

    func writeMembers(to json: inout JSONWriter) { change.writeMembers(to: &json) }
}
