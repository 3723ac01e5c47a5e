/// What the events of a message that the session sends have in common.
struct MessageProgress: Sendable {
    let message: MessageResource
    /// Whether its conversation is a group.
    let group: Bool

    /// Writes the members of an event, with those that only some of the events have.
    func write(
        to json: inout JSONWriter, format: FormatResource? = nil, partial: Int? = nil, reason: MessageReason? = nil
    ) {
        json.member("clientRef", message.clientRef)
        json.member("conversationId", message.conversationId)
        json.member("format", format)
        json.member("group", group)
        json.member("messageId", message.id)
        json.member("partial", partial)
        json.member("reason", reason)
        json.member("text", message.text)
    }
}
