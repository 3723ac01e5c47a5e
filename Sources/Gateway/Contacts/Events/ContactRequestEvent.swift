/// `contact.request`: somebody has added the account and waits for an answer.
struct ContactRequestEvent: EventKind {
    static let name = "contact.request"

    let account: String
    let displayName: String

    func writeMembers(to json: inout JSONWriter) {
        json.member("account", account)
        json.member("displayName", displayName)
    }
}
