import MSNP

/// A message of ours and what has become of it; its text is in no description.
struct SentMessage: Sendable {
    let id: OutgoingMessageID
    let draft: MessageDraft
    /// Nil until the client has taken it.
    var conversation: ConversationID?
    var sentAt: Timestamp
    var delivery = Delivery.pending

    /// Bytes that it is counted with: its text, and what goes with it in tables and queues.
    var size: Int { draft.text.text.utf8.count + Self.overhead }

    /// Measured: an entry of each table with some room to grow.
    private static let overhead = 256

    var outgoing: OutgoingMessage { OutgoingMessage(id: id, text: draft.text, format: draft.format) }
}
