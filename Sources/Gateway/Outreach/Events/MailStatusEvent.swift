/// `mail.status`: how much mail is unread.
struct MailStatusEvent: EventKind {
    static let name = "mail.status"

    let counts: MailCountsResource

    func writeMembers(to json: inout JSONWriter) { counts.writeMembers(to: &json) }
}
