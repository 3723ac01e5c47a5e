/// `contact.added`: somebody is on a list who was on none.
struct ContactAddedEvent: EventKind {
    static let name = "contact.added"

    let contact: ContactResource

    func writeMembers(to json: inout JSONWriter) {
        json.member("contact", contact)
    }
}
