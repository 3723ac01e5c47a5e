import ByteText

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
