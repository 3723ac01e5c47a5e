/// A text on its way to people; however many payloads it takes, it is one message.
package struct OutgoingMessage: Equatable, Sendable {
    package let id: OutgoingMessageID
    package let text: MessageText
    /// How the text is to look; nil leaves that to the reader.
    package let format: TextFormat?

    package init(id: OutgoingMessageID, text: MessageText, format: TextFormat?) {
        self.id = id
        self.text = text
        self.format = format
    }
}
