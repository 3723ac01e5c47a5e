/// A message, or the part of it that one payload holds.
package struct MessagePart: Equatable, Sendable {
    package let message: OutgoingMessageID
    package let text: ChatText
    /// The folded handle of the person for whom alone it is; nil for everybody in the conversation.
    package let audience: HandleKey?

    package init(message: OutgoingMessageID, text: ChatText, audience: HandleKey?) {
        self.message = message
        self.text = text
        self.audience = audience
    }
}
