import ByteText

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
