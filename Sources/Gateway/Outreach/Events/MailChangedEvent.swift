import MSNP

/// `mail.changed`: mail was moved, deleted or, within one folder, read.
struct MailChangedEvent: EventKind {
    static let name = "mail.changed"

    let change: MailChange
    let counts: MailCounts

    func writeMembers(to json: inout JSONWriter) {
        json.member("count", change.count)
        json.member("destinationFolder", change.destination)
        json.member("foldersUnread", counts.foldersUnread)
        json.member("inboxUnread", counts.inboxUnread)
        json.member("sourceFolder", change.source)
    }
}
