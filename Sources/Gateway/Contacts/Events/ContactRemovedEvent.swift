/// `contact.removed`: somebody is on no list any more.
struct ContactRemovedEvent: EventKind {
    static let name = "contact.removed"

    let contact: ContactResource

    func writeMembers(to json: inout JSONWriter) {
        json.member("contact", contact)
    }
}
