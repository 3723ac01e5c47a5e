import MSNP
package import Storage

/// What a start takes up of a store: all records that are what belongs there, and which rows it leaves out.
///
/// `msnp-gateway state check` reads in the same way, so that it says what a start would say. Nothing that comes after this
/// finds anything wrong any more.
package struct KeptState: Sendable {
    private(set) var sessions: [StoredSession] = []
    private(set) var feeds: [StoredFeed] = []
    private(set) var feedConsumers: [StoredFeedConsumer] = []
    private(set) var calls: [KeptCall] = []
    /// Rows that are left out, or of which a part is.
    package private(set) var faults: [RecordFault] = []
    private var records: [SessionID: KeptRecords] = [:]
    /// Up to where no number of a session is given that has no row of reserved numbers.
    private var lowest: UInt64 = 0

    /// Reads all that is there; throws `StoreError` where more than rows can't be read.
    ///
    /// One look at each table: one for each session would be tens of thousands of them.
    ///
    /// - Parameters:
    ///   - now: milliseconds since 1970.
    ///   - head: the number of the last event of a session.
    ///   - last: the position of the last event of all.
    package init(
        _ source: any RecordSource, now: Int64, head: (SessionID) -> UInt64, last: UInt64
    ) async throws(StoreError) {
        sessions = try await rows(StoredSession.self, in: source)
        feeds = try await rows(StoredFeed.self, in: source) { $0.fault(last: last) }
        feedConsumers = try await rows(StoredFeedConsumer.self, in: source) { $0.fault(last: last) }
        for record in try await rows(StoredSettings.self, in: source) { self[record.session].settings = record }
        for record in try await rows(StoredContact.self, in: source) { self[record.session].contacts.append(record) }
        for record in try await rows(StoredConversation.self, in: source) {
            self[record.session].conversations.append(record)
        }
        for record in try await rows(StoredParticipant.self, in: source) {
            self[record.session].participants.append(record)
        }
        for record in try await rows(StoredMessage.self, in: source) { self[record.session].messages.append(record) }
        for record in try await rows(StoredNumbers.self, in: source) { self[record.session].numbers.append(record) }
        for record in try await rows(StoredToken.self, in: source) { self[record.session].tokens.append(record) }
        for record in try await rows(StoredConsumer.self, in: source, { $0.fault(head: head($0.session)) }) {
            self[record.session].consumers.append(record)
        }
        // Whose it was nobody knows for sure. So many of anything no session has had since 1970.
        if faults.contains(where: { $0.table == StoredNumbers.table.name }) { lowest = UInt64(max(0, now)) }
        try await readCalls(source)
    }

    /// What there is of a session, of which its record is made again.
    func records(of session: SessionID) -> KeptRecords {
        var kept = records[session] ?? KeptRecords()
        kept.lowest = lowest
        return kept
    }

    /// Whether the record of a session is among what is left out: nobody knows whose the others' are.
    var missesSessions: Bool { faults.contains { $0.table == StoredSession.table.name } }

    private subscript(session: SessionID) -> KeptRecords {
        get { records[session] ?? KeptRecords() }
        _modify { yield &records[session, default: KeptRecords()] }
    }

    private mutating func rows<Record: KeptRecord>(
        _ kind: Record.Type, in source: any RecordSource
    ) async throws(StoreError) -> [Record] { try await rows(kind, in: source) { $0.fault } }

    private mutating func rows<Record: StoredRecord>(
        _ kind: Record.Type, in source: any RecordSource, _ fault: (Record) -> String?
    ) async throws(StoreError) -> [Record] {
        let rows = try await source.rows(kind, of: nil)
        faults += rows.faults
        return rows.records.filter { record in
            guard let column = fault(record) else { return true }
            faults.append(RecordFault(record, "\(kind.table.name).\(column) is not what belongs there"))
            return false
        }
    }

    /// A call of which only its key is sure was begun all the same, and is not done again.
    private mutating func readCalls(_ source: any RecordSource) async throws(StoreError) {
        let before = faults.count
        let known = try await rows(StoredCall.self, in: source)
        for fault in faults[before...] {
            guard case .text(let session)? = fault.key.first, case .bytes(let scope)? = fault.key.last else { continue }
            let call = StoredCall(session: SessionID(session), scope: scope, body: [], begunAt: 0)
            calls.append(KeptCall(call: call, body: nil, answer: .failure(Session.unknownOutcome)))
        }
        for call in known {
            let answer = call.answer.flatMap(KeptAnswer.read)
            if call.answer != nil, answer == nil {
                faults.append(RecordFault(call, "call.answer is not what belongs there"))
            }
            calls.append(KeptCall(call: call, body: call.body, answer: answer))
        }
    }
}

/// A call with a key that another process has begun.
struct KeptCall: Sendable {
    let call: StoredCall
    /// The digest of the request's body; nil where nobody knows it any more, and any body is that one.
    let body: [UInt8]?
    /// Nil while it has none.
    let answer: IdempotencyStore.Outcome?
}
