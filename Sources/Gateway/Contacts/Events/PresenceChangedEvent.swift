import MSNP

/// `presence.changed`: somebody came, went or took on another status.
struct PresenceChangedEvent: EventKind {
    static let name = "presence.changed"

    let contact: Contact
    /// The status before.
    let previous: Presence

    /// - Parameter contact: as it is shown.
    init(_ contact: Contact, previous: Presence) {
        self.contact = contact
        self.previous = previous
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("account", contact.account)
        json.member("displayName", contact.shownName)
        json.member("previous", previous.name)
        json.member("status", contact.presence.name)
    }
}
