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
