/// `participant.left`: somebody left a conversation.
struct ParticipantLeftEvent: EventKind {
    static let name = "participant.left"

    let change: ParticipantChange

    func writeMembers(to json: inout JSONWriter) { change.writeMembers(to: &json) }
}
