import MSNP

/// A message of ours and what has become of it; its text is in no description.
struct SentMessage: Sendable {
    let id: OutgoingMessageID
    let draft: MessageDraft
    /// Nil until the client has taken it.
    var conversation: ConversationID?
    var sentAt: Timestamp
    var delivery = Delivery.pending

    var outgoing: OutgoingMessage { OutgoingMessage(id: id, text: draft.text, format: draft.format) }
}
