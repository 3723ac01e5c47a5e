import MSNP

/// A message as a caller wants it sent.
struct MessageDraft: Sendable, Equatable {
    let text: MessageText
    let format: TextFormat?
    /// The caller's own name for it, which comes back wherever the message is shown.
    let clientRef: String?
}
