import ByteText
import MSNP
import Storage

/// A message of ours and what has become of it; its text is in no description.
struct SentMessage: Sendable {
    let id: OutgoingMessageID
    let draft: MessageDraft
    /// Nil until the client has taken it.
    var conversation: ConversationID?
    var sentAt: Timestamp
    var delivery = Delivery.pending
    /// The number of the event that tells of it, whose commit writes it; 0 before, and where another process has told.
    var told: UInt64 = 0

    /// Bytes that it is counted with: its text, and what goes with it in tables and queues.
    var size: Int { draft.text.text.utf8.count + Self.overhead }

    /// Measured: an entry of each table with some room to grow.
    private static let overhead = 256

    var outgoing: OutgoingMessage { OutgoingMessage(id: id, text: draft.text, format: draft.format) }
}

/// As it is kept.
extension SentMessage {
    func stored(of session: SessionID, settled: UInt64?) -> StoredMessage {
        var stored = StoredMessage(
            session: session, number: id.rawValue, text: draft.text.text, sentAt: sentAt.milliseconds,
            outcome: delivery.word)
        stored.conversation = conversation?.rawValue
        stored.format = draft.format?.kept
        stored.clientRef = draft.clientRef
        stored.reason = delivery.reason?.rawValue
        stored.partial = delivery.partial.map(Int64.init)
        stored.settled = settled
        return stored
    }

    /// Throws `StoreError.damaged` for what no message of ours is.
    init(_ stored: StoredMessage) throws(StoreError) {
        guard let text = try? MessageText(validating: stored.text), let delivery = Delivery(stored),
            (delivery == .pending) == (stored.settled == nil)
        else { throw .damaged("message \(stored.number) of a session is not what belongs there") }
        id = OutgoingMessageID(rawValue: stored.number)
        draft = MessageDraft(
            text: text, format: stored.format.map { TextFormat(parsing: $0) }, clientRef: stored.clientRef)
        conversation = stored.conversation.map(ConversationID.init)
        sentAt = Timestamp(milliseconds: stored.sentAt)
        self.delivery = delivery
    }
}

extension Delivery {
    /// Nil for an outcome that there is none of.
    fileprivate init?(_ stored: StoredMessage) {
        let reason = stored.reason.flatMap(MessageReason.init)
        switch (FoldedText(stored.outcome), reason) {
        case ("pending", nil): self = .pending
        case ("delivered", nil): self = .delivered
        case ("unconfirmed", nil): self = .unconfirmed
        case ("failed", .signedOut): self = .signedOut
        case ("failed", let reason?): self = .failedBefore(reason, partial: stored.partial.map(Int.init))
        default: return nil
        }
    }
}
