import MSNP

/// `presence.changed`: somebody came, went or took on another status.
struct PresenceChangedEvent: EventKind {
    static let name = "presence.changed"

    let account: String
    let displayName: String
    let status: String
    /// The status before.
    let previous: String

    init(_ contact: ContactResource, previous: Presence) {
        account = contact.account
        displayName = contact.displayName
        status = contact.status
        self.previous = previous.name
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("account", account)
        json.member("displayName", displayName)
        json.member("previous", previous)
        json.member("status", status)
    }
}
