import ByteText

/// How much unread mail there was at sign-in (docs/protocol.md#mail).
///
///     S: MSG Hotmail Hotmail 225
package struct MailStatus: Equatable, Sendable {
    /// Unread messages in the inbox.
    package let inboxUnread: UInt32
    /// Unread messages in all other folders.
    package let foldersUnread: UInt32
    /// Relative, for the Passport form.
    package let inboxURL: String?
    /// Relative, for the Passport form.
    package let foldersURL: String?
    /// Where the Passport form posts.
    package let postURL: String?

    /// Reads the body's fields; nil when they say no number.
    init?(fields: MIMEPayload) {
        guard let inbox = fields.count("Inbox-Unread") else { return nil }
        inboxUnread = inbox
        foldersUnread = fields.count("Folders-Unread") ?? 0
        inboxURL = fields.text("Inbox-URL")
        foldersURL = fields.text("Folders-URL")
        postURL = fields.text("Post-URL")
    }
}
