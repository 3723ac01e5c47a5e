import MSNP

/// `mail.received`: mail came; sender and subject are decoded.
struct MailReceivedEvent: EventKind {
    static let name = "mail.received"

    /// The sender's address.
    let from: String?
    let mail: NewMail
    let counts: MailCounts

    func writeMembers(to json: inout JSONWriter) {
        json.member("displayName", mail.senderName)
        json.member("folder", mail.folder)
        json.member("foldersUnread", counts.foldersUnread)
        json.member("from", from)
        json.member("inboxUnread", counts.inboxUnread)
        json.member("subject", mail.subject)
    }
}
