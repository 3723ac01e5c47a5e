import ByteText

/// What the payload of a message from a person is (docs/protocol.md#content-types).
package enum PersonalMessage: Equatable, Sendable {
    case text(ChatText)
    case typing
    case invitation(Invitation)
    /// A control message other than typing, or an invitation that can't be answered: nothing that people say.
    case ignored(contentType: String)
    /// Something other than text; nil when it has no type.
    case other(contentType: String?)

    package init(_ payload: MIMEPayload) {
        if let text = ChatText(payload) {
            self = .text(text)
        } else if TypingNotification(payload) != nil {
            self = .typing
        } else if let invitation = Invitation(payload) {
            self = .invitation(invitation)
        } else if let type = payload.contentType, Self.isSignal(type) {
            self = .ignored(contentType: type.text)
        } else {
            self = .other(contentType: payload.contentType?.text)
        }
    }

    /// Whether the type is for clients and not for people.
    private static func isSignal(_ type: FoldedText) -> Bool {
        type == "text/x-msmsgscontrol" || type == "text/x-msmsgsinvite"
    }
}

/// Somebody is typing (docs/protocol.md#typing).
///
///     C: MSG 3 U 90
package struct TypingNotification: Equatable, Sendable {
    /// The handle in the payload; only the message's sender is to be believed.
    package let user: String

    package init(user: String) {
        self.user = user
    }

    /// Reads a payload; nil unless it is a control message that names somebody.
    package init?(_ payload: MIMEPayload) {
        guard payload.contentType == "text/x-msmsgscontrol", let user = payload.text("TypingUser") else { return nil }
        self.user = user
    }

    /// The bytes to send; the body is one line end.
    package var payload: [UInt8] {
        // The handle is checked where it comes from. Even so a line end in it must not become a header.
        Array(
            """
            MIME-Version: 1.0\r\nContent-Type: text/x-msmsgscontrol\r\n\
            TypingUser: \(DisplayText.sanitized(user))\r\n\r\n\r\n
            """.utf8)
    }
}
