/// A message, or as much of it as goes into one payload.
package struct MessagePart: Equatable, Sendable {
    package let message: OutgoingMessageID
    package let text: ChatText
    /// The folded handle of the one person whom it is for; nil for everybody in the conversation.
    package let audience: HandleKey?

    package init(message: OutgoingMessageID, text: ChatText, audience: HandleKey?) {
        self.message = message
        self.text = text
        self.audience = audience
    }
}
