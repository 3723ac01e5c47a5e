import ByteText

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
