import ByteText

/// What the payload of a message from a person is (protocol.md 9.2).
package enum PersonalMessage: Equatable, Sendable {
    case text(ChatText)
    case typing
    case invitation(Invitation)
    /// Something to be ignored and logged; nil when it does not even say what it is.
    case other(contentType: String?)

    package init(_ payload: MIMEPayload) {
        if let text = ChatText(payload) {
            self = .text(text)
        } else if TypingNotification(payload) != nil {
            self = .typing
        } else if let invitation = Invitation(payload) {
            self = .invitation(invitation)
        } else {
            self = .other(contentType: payload.contentType?.text)
        }
    }
}
