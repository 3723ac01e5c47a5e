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
