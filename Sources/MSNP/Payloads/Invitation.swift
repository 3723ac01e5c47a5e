import ByteText

/// A step in agreeing on a file transfer or the like (docs/protocol.md#invitations).
///
///     S: MSG bob@example.com Bob 277
package struct Invitation: Equatable, Sendable {
    /// What an invitation's message says about it.
    package enum Step: Equatable, Sendable {
        /// Offers something.
        case invite
        case accept
        case cancel
        /// A word that no document names.
        case other(String)
    }

    package let step: Step
    /// Names the negotiation.
    package let cookie: UInt32
    /// What is offered, `File Transfer` for one.
    package let application: String?
    /// In braces and in either case.
    package let applicationID: String?
    /// The name of the file that is offered; nil for other invitations.
    package let fileName: String?
    /// Bytes.
    package let fileSize: UInt64?
    /// Why it is cancelled, `REJECT` or `TIMEOUT` for two.
    package let cancelCode: String?

    /// Our answer to every offer: nothing here could take it.
    package static let declineCode = "REJECT_NOT_INSTALLED"

    /// Reads a payload; nil unless it is an invitation that can be answered, which takes its cookie.
    package init?(_ payload: MIMEPayload) {
        guard payload.contentType == "text/x-msmsgsinvite" else { return nil }
        let fields = payload.bodyFields
        guard let command = fields.text("Invitation-Command"), command.utf8.count <= WireLimits.word,
            let cookie = fields.number("Invitation-Cookie").flatMap(UInt32.init(exactly:))
        else { return nil }
        step =
            switch FoldedText(command) {
            case "INVITE": .invite
            case "ACCEPT": .accept
            case "CANCEL": .cancel
            default: .other(command)
            }
        self.cookie = cookie
        application = fields.text("Application-Name")
        applicationID = fields.text("Application-GUID")
        fileName = fields.text("Application-File")
        fileSize = fields.number("Application-FileSize").flatMap(UInt64.init(exactly:))
        cancelCode = fields.text("Cancel-Code")
    }

    /// The bytes that decline the offer with that cookie, to be sent as `MSG N`.
    package static func decline(_ cookie: UInt32) -> [UInt8] {
        Array(
            """
            MIME-Version: 1.0\r\nContent-Type: text/x-msmsgsinvite; charset=UTF-8\r\n\r\n\
            Invitation-Command: CANCEL\r\nInvitation-Cookie: \(cookie)\r\nCancel-Code: \(declineCode)\r\n\r\n
            """.utf8)
    }
}
