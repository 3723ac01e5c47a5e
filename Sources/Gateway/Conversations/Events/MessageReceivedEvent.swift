/// `message.received`: somebody has written.
struct MessageReceivedEvent: EventKind {
    static let name = "message.received"

    let messageId: String
    let conversationId: String
    let group: Bool
    let from: String
    let displayName: String
    /// Absent where the message is no text.
    let text: String?
    let format: FormatResource?
    let contentType: String
    /// The character set that the sender named, where it is not known here.
    let charset: String?
    /// True where the rest of a message in several pieces never came.
    let incomplete: Bool?

    func writeMembers(to json: inout JSONWriter) {
        json.member("charset", charset)
        json.member("contentType", contentType)
        json.member("conversationId", conversationId)
        json.member("displayName", displayName)
        json.member("format", format)
        json.member("from", from)
        json.member("group", group)
        json.member("incomplete", incomplete)
        json.member("messageId", messageId)
        json.member("text", text)
    }
}
