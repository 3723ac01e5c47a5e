import Encodings

/// An invitation by e-mail to somebody who is not on the service (docs/protocol.md#mail-invitations).
///
///     C: SDC 27 newbie@example.com 0x0409 MSMSGS MSMSGS X X Alice 21
///     > Join me on messenger!
package struct MailInvitation: Equatable, Sendable {
    /// An e-mail address, or the number of a search result.
    package var recipient: String
    /// The language of the mail, `0x0409`.
    package var language: String
    /// The sender's display name.
    package var sender: String
    /// Added to the mail; may be empty.
    package var text: Redacted<[UInt8]>

    package init(recipient: String, language: String = "0x0409", sender: String, text: [UInt8]) {
        self.recipient = recipient
        self.language = language
        self.sender = sender
        self.text = Redacted(text)
    }
}

extension MailInvitation {
    /// UTF-8 bytes of text.
    ///
    /// No document gives a limit; a message's length is long for a greeting.
    package static let longestText = WireLimits.messagePayload
    /// English of the United States, when no other language is known.
    package static let usualLanguage: UInt32 = 0x0409
    /// The parameters behind the language, as the official client has them.
    private static let origin = ["MSMSGS", "MSMSGS"]

    /// Composes an invitation.
    ///
    /// - Parameters:
    ///   - language: a Windows language ID, of which 16 bits count.
    ///   - text: at most `longestText` bytes, which its caller has checked.
    package init(to recipient: Handle, language: UInt32?, from sender: DisplayName, text: MessageText?) {
        let digits = Hexadecimal.padded((language ?? Self.usualLanguage) & 0xFFFF, to: 4)
        self.init(
            recipient: recipient.spelling, language: "0x" + digits,
            sender: sender.text, text: text.map { LineEnds.wire($0.text) } ?? [])
    }

    /// The parameters of `SND` behind the recipient: none in MSNP2, two in MSNP3, three in MSNP4
    /// (docs/protocol.md#mail-invitations).
    func plainParameters(in dialect: Dialect) -> [String] {
        switch dialect {
        case .msnp2: []
        case .msnp3: [language] + Self.origin.dropLast()
        case .msnp4, .msnp5, .msnp6: [language] + Self.origin
        }
    }
}
