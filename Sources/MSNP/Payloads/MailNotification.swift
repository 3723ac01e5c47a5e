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
