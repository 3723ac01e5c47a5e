/// How far a named reader of a session has come.
package struct StoredConsumer: Sendable {
    package let session: SessionID
    package let name: String
    /// The number of the last event that it said it has.
    package var seq: UInt64

    package init(session: SessionID, name: String, seq: UInt64) {
        self.session = session
        self.name = name
        self.seq = seq
    }
}

extension StoredConsumer: StoredRecord {
    package static let table = RecordTable(
        "consumer", keys: [("session", .text), ("name", .text)], [("seq", .integer, false)])

    package var values: [StoredValue] { [.text(session.text), .text(name), StoredValue(seq)] }

    package init(from row: inout StoredRow) throws(StoreError) {
        session = SessionID(try row.text())
        name = try row.text()
        seq = try row.number()
    }
}

/// The feed of an API key.
///
/// Its events are those of the key's sessions, in the store's order.
package struct StoredFeed: Sendable {
    /// The ID of the key.
    package let owner: String
    /// By which its cursors are known.
    package var epoch: String
    /// The position of the last event that went with its session: whoever has not read up to there misses something.
    package var gone: UInt64

    package init(owner: String, epoch: String, gone: UInt64) {
        self.owner = owner
        self.epoch = epoch
        self.gone = gone
    }
}

extension StoredFeed: StoredRecord {
    package static let table = RecordTable(
        "feed", keys: [("owner", .text)], [("epoch", .text, false), ("gone", .integer, false)])

    package var values: [StoredValue] { [.text(owner), .text(epoch), StoredValue(gone)] }

    package init(from row: inout StoredRow) throws(StoreError) {
        owner = try row.text()
        epoch = try row.text()
        gone = try row.number()
    }
}

/// How far a named reader of a feed has come.
package struct StoredFeedConsumer: Sendable {
    /// The ID of the feed's key.
    package let owner: String
    package let name: String
    /// A position in the store's order.
    package var position: UInt64

    package init(owner: String, name: String, position: UInt64) {
        self.owner = owner
        self.name = name
        self.position = position
    }
}

extension StoredFeedConsumer: StoredRecord {
    package static let table = RecordTable(
        "feed_consumer", keys: [("owner", .text), ("name", .text)], [("position", .integer, false)])

    package var values: [StoredValue] { [.text(owner), .text(name), StoredValue(position)] }

    package init(from row: inout StoredRow) throws(StoreError) {
        owner = try row.text()
        name = try row.text()
        position = try row.number()
    }
}
