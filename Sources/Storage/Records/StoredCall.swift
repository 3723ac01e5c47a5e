/// A token of a session, by its digest.
package struct StoredToken: Sendable {
    package let session: SessionID
    /// SHA-256, 32 bytes.
    package let digest: [UInt8]
    /// In which order tokens were used: the lowest goes first.
    package var used: UInt64

    package init(session: SessionID, digest: [UInt8], used: UInt64) {
        self.session = session
        self.digest = digest
        self.used = used
    }
}

extension StoredToken: StoredRecord {
    package static let table = RecordTable(
        "token", keys: [("session", .text), ("digest", .bytes)], [("used", .integer, false)])

    package var values: [StoredValue] { [.text(session.text), .bytes(digest), StoredValue(used)] }

    package init(from row: inout StoredRow) throws(StoreError) {
        session = SessionID(try row.text())
        digest = try row.bytes()
        guard digest.count == 32 else { throw .damaged("token.digest is not what belongs there") }
        used = try row.number()
    }
}

/// A call with an `Idempotency-Key`: that it was begun, and what was answered.
package struct StoredCall: Sendable {
    /// Empty for a call that is about none.
    package let session: SessionID
    /// The digest of session, path and key.
    package let scope: [UInt8]
    /// The digest of the request's body.
    package var body: [UInt8]
    /// Milliseconds since 1970.
    package var begunAt: Int64
    /// The message that it is about; nil for any other call.
    package var message: UInt64?
    /// What was answered, as the gateway writes it; nil while it is under way.
    package var answer: [UInt8]?

    package init(session: SessionID, scope: [UInt8], body: [UInt8], begunAt: Int64) {
        self.session = session
        self.scope = scope
        self.body = body
        self.begunAt = begunAt
    }
}

extension StoredCall: StoredRecord {
    package static let table = RecordTable(
        "call", keys: [("session", .text), ("scope", .bytes)],
        [
            ("body", .bytes, false), ("begun_at", .integer, false), ("message", .integer, true),
            ("answer", .bytes, true),
        ])

    package var values: [StoredValue] {
        [
            .text(session.text), .bytes(scope), .bytes(body), .integer(begunAt), StoredValue(message),
            StoredValue(answer),
        ]
    }

    package init(from row: inout StoredRow) throws(StoreError) {
        session = SessionID(try row.text())
        scope = try row.bytes()
        body = try row.bytes()
        begunAt = try row.time()
        message = try row.optionalNumber()
        answer = try row.optionalBytes()
    }
}

/// Numbers of a session that are reserved: none up to there is given again, whatever was written of what has them.
package struct StoredNumbers: Sendable {
    /// What is numbered.
    package enum Kind: String, Sendable {
        case conversations
        case messages
    }

    package let session: SessionID
    package let kind: Kind
    /// The last that is reserved.
    package var through: UInt64

    package init(session: SessionID, kind: Kind, through: UInt64) {
        self.session = session
        self.kind = kind
        self.through = through
    }
}

extension StoredNumbers: StoredRecord {
    package static let table = RecordTable(
        "numbers", keys: [("session", .text), ("kind", .text)], [("through", .integer, false)])

    package var values: [StoredValue] { [.text(session.text), .text(kind.rawValue), StoredValue(through)] }

    package init(from row: inout StoredRow) throws(StoreError) {
        session = SessionID(try row.text())
        kind = try row.word(Kind.self)
        through = try row.number()
    }
}
