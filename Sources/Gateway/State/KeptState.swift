import ByteText
import MSNP
package import Storage

/// What a start takes up of a store: all records, and which rows are not what was written or not what belongs there.
///
/// `msnp-gateway state check` reads in the same way, so that it says what a start would say. Nothing that comes after this
/// finds anything wrong any more.
package struct KeptState: Sendable {
    private(set) var sessions: [StoredSession] = []
    private(set) var feeds: [StoredFeed] = []
    private(set) var feedConsumers: [StoredFeedConsumer] = []
    private(set) var calls: [StoredCall] = []
    private(set) var webhooks: [StoredWebhook] = []
    private(set) var deliveries: [StoredDelivery] = []
    /// Rows for which a start refuses the directory.
    package private(set) var faults: [RecordFault] = []
    /// Rows that are left out because they speak of events that are not there: those were lost, and that is said.
    package private(set) var ahead: [RecordFault] = []
    private var records: [SessionID: KeptRecords] = [:]

    /// Reads all that is there; throws `StoreError` where more than rows can't be read.
    ///
    /// One look at each table: one for each session would be tens of thousands of them.
    ///
    /// - Parameters:
    ///   - head: the number of the last event of a session.
    ///   - last: the position of the last event of all.
    package init(
        _ source: any RecordSource, head: (SessionID) -> UInt64, last: UInt64
    ) async throws(StoreError) {
        sessions = try await rows(StoredSession.self, in: source)
        feeds = behind(try await rows(StoredFeed.self, in: source), "gone") { $0.gone <= last }
        feedConsumers = behind(try await rows(StoredFeedConsumer.self, in: source), "position") { $0.position <= last }
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
        let consumers = behind(try await rows(StoredConsumer.self, in: source), "seq") { $0.seq <= head($0.session) }
        for record in consumers { self[record.session].consumers.append(record) }
        calls = try await rows(StoredCall.self, in: source)
        webhooks = try await rows(StoredWebhook.self, in: source)
        deliveries = try await rows(StoredDelivery.self, in: source)
        let delivered = Set(deliveries.map { ByteText($0.webhook) })
        for webhook in webhooks where !delivered.contains(ByteText(webhook.id)) {
            faults.append(RecordFault(webhook, "webhook_delivery has no row for a webhook"))
        }
    }

    /// What there is of a session, of which its record is made again.
    func records(of session: SessionID) -> KeptRecords { records[session] ?? KeptRecords() }

    private subscript(session: SessionID) -> KeptRecords {
        get { records[session] ?? KeptRecords() }
        _modify { yield &records[session, default: KeptRecords()] }
    }

    private mutating func rows<Record: KeptRecord>(
        _ kind: Record.Type, in source: any RecordSource
    ) async throws(StoreError) -> [Record] {
        let rows = try await source.rows(kind, of: nil)
        faults += rows.faults
        return rows.records.filter { record in
            guard let column = record.fault else { return true }
            faults.append(RecordFault(record, "\(kind.table.name).\(column) is not what belongs there"))
            return false
        }
    }

    /// Those that speak of nothing but events that are there.
    private mutating func behind<Record: StoredRecord>(
        _ records: [Record], _ column: String, _ isBehind: (Record) -> Bool
    ) -> [Record] {
        records.filter { record in
            guard !isBehind(record) else { return true }
            ahead.append(RecordFault(record, "\(Record.table.name).\(column) is behind the last event"))
            return false
        }
    }
}
