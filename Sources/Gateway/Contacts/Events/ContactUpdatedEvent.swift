/// `contact.updated`: the lists, the name or the phones of a contact changed.
struct ContactUpdatedEvent: EventKind {
    static let name = "contact.updated"

    let contact: ContactResource

    func writeMembers(to json: inout JSONWriter) {
        json.member("contact", contact)
    }
}
