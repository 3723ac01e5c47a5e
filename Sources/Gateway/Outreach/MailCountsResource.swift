import MSNP

/// The unread mail as the API shows it.
struct MailCountsResource: JSONObject, Sendable, Equatable {
    let foldersUnread: UInt32
    let inboxUnread: UInt32

    init(_ counts: MailCounts) {
        foldersUnread = counts.foldersUnread
        inboxUnread = counts.inboxUnread
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("foldersUnread", foldersUnread)
        json.member("inboxUnread", inboxUnread)
    }
}
