/// A session: who signed in where, and what it is to come back to.
package struct StoredSession: Sendable {
    /// What it can come to.
    package enum State: String, Sendable {
        case live
        case ended
    }

    package let id: SessionID
    /// The ID of the API key that opened it; nil for one that was opened without a key.
    package var owner: String?
    package var backend: String
    /// As it was typed.
    package var account: String
    /// Of its journal, by which its cursors are known.
    package var epoch: String
    /// Milliseconds since 1970.
    package var createdAt: Int64
    /// From where it was opened.
    package var openedFrom: String
    package var state: State
    /// Why it is not online; nil while it is.
    package var reason: String?
    /// When somebody used it last, as far as that was written; milliseconds since 1970.
    package var usedAt: Int64
    /// Whether somebody's device keeps a token of it, so that it waits longer for them.
    package var isKept = false
    /// Milliseconds since 1970; nil while it lives.
    package var endedAt: Int64?
    /// The status that it is to come back with.
    package var wantedStatus: String
    package var displayName: String
    /// The password; nil where it is not kept, and once the session has ended.
    package var sealed: SealedPassword?

    package init(
        id: SessionID, owner: String?, backend: String, account: String, epoch: String, createdAt: Int64,
        openedFrom: String, wantedStatus: String, displayName: String
    ) {
        self.id = id
        self.owner = owner
        self.backend = backend
        self.account = account
        self.epoch = epoch
        self.createdAt = createdAt
        self.openedFrom = openedFrom
        self.wantedStatus = wantedStatus
        self.displayName = displayName
        state = .live
        usedAt = createdAt
    }
}

extension StoredSession: StoredRecord {
    package static let table = RecordTable(
        "session", keys: [("id", .text)],
        [
            ("owner", .text, true), ("backend", .text, false), ("account", .text, false), ("epoch", .text, false),
            ("created_at", .integer, false), ("opened_from", .text, false), ("state", .text, false),
            ("reason", .text, true), ("ended_at", .integer, true), ("wanted_status", .text, false),
            ("display_name", .text, false), ("used_at", .integer, false), ("is_kept", .integer, false),
            ("key_id", .text, true), ("sealed", .bytes, true),
        ])

    package var values: [StoredValue] {
        [
            .text(id.text), StoredValue(owner), .text(backend), .text(account), .text(epoch), .integer(createdAt),
            .text(openedFrom), .text(state.rawValue), StoredValue(reason), StoredValue(endedAt), .text(wantedStatus),
            .text(displayName), .integer(usedAt), StoredValue(isKept), StoredValue(sealed?.key.text),
            StoredValue(sealed?.bytes),
        ]
    }

    package init(from row: inout StoredRow) throws(StoreError) {
        id = SessionID(try row.text())
        owner = try row.optionalText()
        backend = try row.text()
        account = try row.text()
        epoch = try row.text()
        createdAt = try row.integer()
        openedFrom = try row.text()
        state = try row.word(State.self)
        reason = try row.optionalText()
        endedAt = try row.optionalInteger()
        wantedStatus = try row.text()
        displayName = try row.text()
        usedAt = try row.integer()
        isKept = try row.flag()
        sealed = try row.sealed()
    }
}
