import ByteText

/// What a notification server tells about the account's mailbox (docs/protocol.md#mail).
package enum MailNotification: Equatable, Sendable {
    case status(MailStatus)
    case received(NewMail)
    case changed(MailChange)

    /// Reads a payload; nil unless it is one of the three.
    package init?(_ payload: MIMEPayload) {
        let fields = payload.bodyFields
        let notification: MailNotification? =
            switch payload.contentType {
            case "text/x-msmsgsinitialemailnotification": MailStatus(fields: fields).map { .status($0) }
            case "text/x-msmsgsemailnotification": NewMail(fields: fields).map { .received($0) }
            case "text/x-msmsgsactivemailnotification": MailChange(fields: fields).map { .changed($0) }
            // In MSNP2 the first two share a name.
            case "application/x-msmsgsemailnotification":
                MailStatus(fields: fields).map { .status($0) } ?? NewMail(fields: fields).map { .received($0) }
            default: nil
            }
        guard let notification else { return nil }
        self = notification
    }
}

extension MIMEPayload {
    /// The header's value as a number of things; nil for what is none.
    func count(_ name: FoldedText) -> UInt32? { number(name).flatMap(UInt32.init(exactly:)) }
}

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

/// Mail that has just come (docs/protocol.md#mail).
///
///     S: MSG Hotmail Hotmail 365
package struct NewMail: Equatable, Sendable {
    /// The sender's name, decoded.
    package let senderName: String?
    /// The sender's address; nil where it is not told.
    package let senderAddress: String?
    /// Decoded.
    package let subject: String?
    /// The folder; `MailCounts.inbox` is the inbox.
    package let folder: String?
    /// Relative, for the Passport form.
    package let messageURL: String?
    /// Where the Passport form posts.
    package let postURL: String?
    /// The Passport site ID, absent below MSNP3.
    package let siteID: UInt32?

    /// Reads the body's fields; nil when they name neither a sender nor a subject.
    init?(fields: MIMEPayload) {
        senderName = fields.text("From").map(EncodedWords.decode)
        senderAddress = fields.text("From-Addr")
        subject = fields.text("Subject").map(EncodedWords.decode)
        guard senderName != nil || senderAddress != nil || subject != nil else { return nil }
        folder = fields.text("Dest-Folder")
        messageURL = fields.text("Message-URL")
        postURL = fields.text("Post-URL")
        siteID = fields.count("id")
    }
}

extension NewMail: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Empty: who writes to whom about what belongs in no log.
    package var description: String { "NewMail" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Mail that was moved, deleted or read (docs/protocol.md#mail).
///
///     S: MSG Hotmail Hotmail 148
package struct MailChange: Equatable, Sendable {
    package let source: String
    package let destination: String
    /// How many messages.
    package let count: UInt32

    package init(source: String, destination: String, count: UInt32) {
        self.source = source
        self.destination = destination
        self.count = count
    }

    /// Reads the body's fields; nil when one of them is missing.
    init?(fields: MIMEPayload) {
        guard let source = fields.text("Src-Folder"), let destination = fields.text("Dest-Folder"),
            let count = fields.count("Message-Delta")
        else { return nil }
        self.init(source: source, destination: destination, count: count)
    }
}
