/// A conversation that is open, whatever switchboards do.
package struct StoredConversation: Sendable {
    package let session: SessionID
    /// Counts the session's own.
    package let number: UInt64
    /// Milliseconds since 1970.
    package var createdAt: Int64
    /// Milliseconds since 1970; nil before the first text.
    package var lastMessageAt: Int64?
    package var isGroup: Bool

    package init(session: SessionID, number: UInt64, createdAt: Int64, lastMessageAt: Int64? = nil, isGroup: Bool) {
        self.session = session
        self.number = number
        self.createdAt = createdAt
        self.lastMessageAt = lastMessageAt
        self.isGroup = isGroup
    }
}

extension StoredConversation: StoredRecord {
    package static let table = RecordTable(
        "conversation", keys: [("session", .text), ("number", .integer)],
        [("created_at", .integer, false), ("last_message_at", .integer, true), ("is_group", .integer, false)])

    package var values: [StoredValue] {
        [
            .text(session.text), StoredValue(number), .integer(createdAt), StoredValue(lastMessageAt),
            StoredValue(isGroup),
        ]
    }

    package init(from row: inout StoredRow) throws(StoreError) {
        session = SessionID(try row.text())
        number = try row.number()
        createdAt = try row.time()
        lastMessageAt = try row.optionalTime()
        isGroup = try row.flag()
    }
}

/// Somebody in an open conversation.
package struct StoredParticipant: Sendable {
    package let session: SessionID
    /// The number of its conversation.
    package let conversation: UInt64
    /// Folded, as people are looked up.
    package let account: String
    /// As the server spells it.
    package var spelling: String
    package var displayName: String
    /// In which order they came.
    package var place: Int64

    package init(
        session: SessionID, conversation: UInt64, account: String, spelling: String, displayName: String, place: Int64
    ) {
        self.session = session
        self.conversation = conversation
        self.account = account
        self.spelling = spelling
        self.displayName = displayName
        self.place = place
    }
}

extension StoredParticipant: StoredRecord {
    package static let table = RecordTable(
        "participant", keys: [("session", .text), ("conversation", .integer), ("account", .text)],
        [("spelling", .text, false), ("display_name", .text, false), ("place", .integer, false)])

    package var values: [StoredValue] {
        [
            .text(session.text), StoredValue(conversation), .text(account), .text(spelling), .text(displayName),
            .integer(place),
        ]
    }

    package init(from row: inout StoredRow) throws(StoreError) {
        session = SessionID(try row.text())
        conversation = try row.number()
        account = try row.text()
        spelling = try row.text()
        displayName = try row.text()
        place = Int64(try row.number())
    }
}

/// A message that was sent, and what has become of it.
package struct StoredMessage: Sendable {
    package let session: SessionID
    /// Counts the session's own.
    package let number: UInt64
    /// Nil until the client has taken it.
    package var conversation: UInt64?
    package var text: String
    /// Font, colour and the like as the wire has them; nil where the caller gave none.
    package var format: String?
    /// The caller's own name for it; nil where it has none.
    package var clientRef: String?
    /// Milliseconds since 1970.
    package var sentAt: Int64
    /// The API's word for what has become of it.
    package var outcome: String
    /// Why it failed; nil unless it did.
    package var reason: String?
    /// Unicode scalars of it that arrived although it failed; nil unless some did.
    package var partial: Int64?
    /// In which order outcomes came; nil while it has none.
    package var settled: UInt64?

    package init(session: SessionID, number: UInt64, text: String, sentAt: Int64, outcome: String) {
        self.session = session
        self.number = number
        self.text = text
        self.sentAt = sentAt
        self.outcome = outcome
    }
}

extension StoredMessage: StoredRecord {
    package static let table = RecordTable(
        "message", keys: [("session", .text), ("number", .integer)],
        [
            ("conversation", .integer, true), ("text", .text, false), ("format", .text, true),
            ("client_ref", .text, true), ("sent_at", .integer, false), ("outcome", .text, false),
            ("reason", .text, true), ("partial", .integer, true), ("settled", .integer, true),
        ])

    package var values: [StoredValue] {
        [
            .text(session.text), StoredValue(number), StoredValue(conversation), .text(text), StoredValue(format),
            StoredValue(clientRef), .integer(sentAt), .text(outcome), StoredValue(reason), StoredValue(partial),
            StoredValue(settled),
        ]
    }

    package init(from row: inout StoredRow) throws(StoreError) {
        session = SessionID(try row.text())
        number = try row.number()
        conversation = try row.optionalNumber()
        text = try row.text()
        format = try row.optionalText()
        clientRef = try row.optionalText()
        sentAt = try row.time()
        outcome = try row.text()
        reason = try row.optionalText()
        partial = try row.optionalNumber().map(Int64.init)
        settled = try row.optionalNumber()
    }
}
