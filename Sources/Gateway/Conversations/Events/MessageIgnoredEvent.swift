/// `message.ignored`: a control message that is not typing, and that nobody can answer.
struct MessageIgnoredEvent: EventKind {
    static let name = "message.ignored"

    let conversationId: String
    let group: Bool
    let from: String
    let contentType: String

    func writeMembers(to json: inout JSONWriter) {
        json.member("contentType", contentType)
        json.member("conversationId", conversationId)
        json.member("from", from)
        json.member("group", group)
    }
}
