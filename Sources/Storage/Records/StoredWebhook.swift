/// A webhook of an API key: where events go, which, and what they are signed with.
package struct StoredWebhook: Sendable {
    package let id: String
    /// The ID of the key.
    package let owner: String
    package var url: String
    /// Names of types and wildcards, as a comma list; nil for all.
    package var types: String?
    /// IDs of sessions, as a comma list; nil for all of the key.
    package var sessions: String?
    /// Milliseconds since 1970.
    package let createdAt: Int64
    /// Why nothing is sent; nil while it is.
    package var disabled: String?
    /// Milliseconds since 1970; nil while it is enabled.
    package var disabledAt: Int64?
    /// Until when the secret signs that was replaced last; milliseconds since 1970, nil where there is none.
    package var previousUntil: Int64?
    /// The secrets, the one that signs and the one that it replaced; nil where they are not kept.
    package var sealed: SealedPassword?

    package init(id: String, owner: String, url: String, createdAt: Int64) {
        self.id = id
        self.owner = owner
        self.url = url
        self.createdAt = createdAt
    }
}

extension StoredWebhook: StoredRecord {
    package static let table = RecordTable(
        "webhook", keys: [("id", .text)],
        [
            ("owner", .text, false), ("url", .text, false), ("types", .text, true), ("sessions", .text, true),
            ("created_at", .integer, false), ("disabled", .text, true), ("disabled_at", .integer, true),
            ("previous_until", .integer, true), ("key_id", .text, true), ("sealed", .bytes, true),
        ])

    package var values: [StoredValue] {
        [
            .text(id), .text(owner), .text(url), StoredValue(types), StoredValue(sessions), .integer(createdAt),
            StoredValue(disabled), StoredValue(disabledAt), StoredValue(previousUntil), StoredValue(sealed?.key.text),
            StoredValue(sealed?.bytes),
        ]
    }

    package init(from row: inout StoredRow) throws(StoreError) {
        id = try row.text()
        owner = try row.text()
        url = try row.text()
        types = try row.optionalText()
        sessions = try row.optionalText()
        createdAt = try row.integer()
        disabled = try row.optionalText()
        disabledAt = try row.optionalInteger()
        previousUntil = try row.optionalInteger()
        sealed = try row.sealed()
    }
}

extension StoredRow {
    /// The ID of a key and what it sealed, or nil where both columns are empty; throws `StoreError.damaged` for anything else.
    mutating func sealed() throws(StoreError) -> SealedPassword? {
        let key = try optionalText()
        let bytes = try optionalBytes()
        guard let key, let bytes else {
            guard key == nil, bytes == nil else { throw damaged("sealed has no key, or none has it") }
            return nil
        }
        guard let id = SealingKeyID(key) else { throw damaged("key_id is not what belongs there") }
        return SealedPassword(key: id, bytes: bytes)
    }
}
