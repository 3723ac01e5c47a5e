/// A message that the session has sent, as the API shows it.
struct MessageResource: JSONObject, Sendable, Equatable {
    let id: String
    let conversationId: String
    let text: String
    let format: FormatResource?
    let sentAt: Timestamp
    let clientRef: String?
    let delivery: String
    /// Why it failed.
    let reason: MessageReason?
    /// How many Unicode scalars of its text arrived, where it failed after some of it went out.
    let partial: Int?

    /// The same before anything was known of its outcome.
    var pending: MessageResource {
        MessageResource(
            id: id, conversationId: conversationId, text: text, format: format, sentAt: sentAt, clientRef: clientRef,
            delivery: Delivery.pending.word, reason: nil, partial: nil)
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("clientRef", clientRef)
        json.member("conversationId", conversationId)
        json.member("delivery", delivery)
        json.member("format", format)
        json.member("id", id)
        json.member("partial", partial)
        json.member("reason", reason)
        json.member("sentAt", sentAt)
        json.member("text", text)
    }
}
