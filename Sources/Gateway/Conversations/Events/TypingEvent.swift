/// `typing`: somebody is writing.
struct TypingEvent: EventKind {
    static let name = "typing"

    let conversationId: String
    let group: Bool
    let account: String

    func writeMembers(to json: inout JSONWriter) {
        json.member("account", account)
        json.member("conversationId", conversationId)
        json.member("group", group)
    }
}
