/// Where records can be read.
package protocol RecordSource: Sendable {
    /// All records of a kind, or those of one session, without the rows that are none.
    ///
    /// Throws `StoreError` where nothing more can be read.
    func rows<Record: StoredRecord>(
        _ kind: Record.Type, of session: SessionID?
    ) async throws(StoreError) -> RecordRows<Record>
}

extension RecordSource {
    /// The same where each row has to be one; throws `StoreError.damaged` for the first that is none.
    package func load<Record: StoredRecord>(
        _ kind: Record.Type, of session: SessionID?
    ) async throws(StoreError) -> [Record] {
        let rows = try await rows(kind, of: session)
        if let fault = rows.faults.first { throw .damaged(fault.reason) }
        return rows.records
    }
}

/// Everything but events: sessions, lists, conversations, messages, tokens, consumers, answers.
package protocol RecordStore: RecordSource {
    /// Takes changes in and never waits; they are written in their place among events and changes, with the next commit.
    ///
    /// - Parameter tenure: nothing is taken under one that is over; nil for what belongs to no shard.
    func note(_ changes: [RecordChange], under tenure: Tenure?)

    /// The same, and returns once they are written.
    ///
    /// Throws `StoreError.tenureOver` or `.closed` when they are not and never will be, and with `.orNothing` also
    /// `.unavailable` when they can't be written now.
    func commit(
        _ changes: [RecordChange], under tenure: Tenure?, _ patience: Patience
    ) async throws(StoreError)
}

extension RecordStore {
    /// Returns once all that was handed in before is written; throws as `commit`.
    package func flush() async throws(StoreError) { try await commit([], under: nil, .untilWritten) }
}

/// What becomes of changes that can't be written now.
package enum Patience: Sendable {
    /// They stay and are written when that is possible: what has happened already.
    case untilWritten
    /// They are dropped and never written: what is to happen only if it is written first.
    case orNothing
}

/// A change of what is kept.
package enum RecordChange: Sendable {
    /// Makes a record, or puts it into the place of the one with the same key.
    case put(any StoredRecord)
    case remove(RecordKey)
    /// Removes a session, all records that belong to it and its journal.
    case removeSession(SessionID)
}
