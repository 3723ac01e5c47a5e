/// A message that the session has sent, as the API shows it.
struct MessageResource: Encodable, Sendable, Equatable {
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
}
