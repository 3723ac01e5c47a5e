/// How far a webhook has come, and what is on its way to it.
///
/// It changes with each body that is sent, the webhook itself hardly ever.
package struct StoredDelivery: Sendable {
    /// Events that are sent together, again and again with the same bytes, until somebody takes them.
    package struct Batch: Equatable, Sendable {
        /// By which whoever gets it twice knows it.
        package let id: String
        /// The position of the last event that was looked at for it; the first is the one behind the webhook's position.
        package let through: UInt64
        /// Events of its sessions that it stands for, sent or left out; nil where nobody knows how many.
        package let events: UInt64?
        /// SHA-256 of the body, 32 bytes.
        package let digest: [UInt8]
        /// Milliseconds since 1970.
        package let madeAt: Int64
        /// When its first event happened; milliseconds since 1970.
        package let firstAt: Int64
        /// Which types it was made of, as `StoredWebhook` has them.
        package let types: String?
        /// Of whose events it was made, as `StoredWebhook` has them.
        package let sessions: String?

        package init(
            id: String, through: UInt64, events: UInt64?, digest: [UInt8], madeAt: Int64, firstAt: Int64,
            types: String?, sessions: String?
        ) {
            self.id = id
            self.through = through
            self.events = events
            self.digest = digest
            self.madeAt = madeAt
            self.firstAt = firstAt
            self.types = types
            self.sessions = sessions
        }
    }

    /// Events that nobody can send any more.
    package enum Loss: Equatable, Sendable {
        case events(UInt64)
        case unknown
    }

    /// What came of the attempt that was made last.
    package struct Attempt: Equatable, Sendable {
        /// Milliseconds since 1970.
        package let at: Int64
        package let outcome: String
        /// Of the answer; nil where there was none.
        package let status: Int64?
        /// Milliseconds that it took.
        package let duration: Int64

        package init(at: Int64, outcome: String, status: Int64?, duration: Int64) {
            self.at = at
            self.outcome = outcome
            self.status = status
            self.duration = duration
        }
    }

    /// The ID of the webhook.
    package let webhook: String
    /// The position of the last event that was taken, or passed over; in the store's order.
    package var position: UInt64
    /// Events before the position that were lost after they were on their way, of which the next batch tells.
    package var loss: Loss?
    /// Nil where nothing is on its way.
    package var batch: Batch?
    /// Attempts that have failed since the last that did not.
    package var failures: Int64 = 0
    /// When the first of these was; milliseconds since 1970, nil where there is none.
    package var failingSince: Int64?
    /// Milliseconds for which it failed while a gateway ran, by a clock that nobody sets.
    package var failingFor: Int64 = 0
    /// Nil before the first.
    package var last: Attempt?

    package init(webhook: String, position: UInt64) {
        self.webhook = webhook
        self.position = position
    }
}

extension StoredDelivery: StoredRecord {
    package static let table = RecordTable(
        "webhook_delivery", keys: [("webhook", .text)],
        [
            ("position", .integer, false), ("lost", .integer, true), ("failures", .integer, false),
            ("failing_since", .integer, true), ("failing_for", .integer, false), ("last_at", .integer, true),
            ("last_outcome", .text, true),
            ("last_status", .integer, true), ("last_duration", .integer, true), ("batch", .text, true),
            ("through", .integer, true), ("events", .integer, true), ("digest", .bytes, true),
            ("made_at", .integer, true), ("first_at", .integer, true), ("types", .text, true),
            ("sessions", .text, true),
        ])

    package var values: [StoredValue] {
        [
            .text(webhook), StoredValue(position), StoredValue(loss?.number), .integer(failures),
            StoredValue(failingSince), .integer(failingFor), StoredValue(last?.at), StoredValue(last?.outcome),
            StoredValue(last?.status), StoredValue(last?.duration),
            StoredValue(batch?.id), StoredValue(batch?.through), StoredValue(batch?.events),
            StoredValue(batch?.digest), StoredValue(batch?.madeAt), StoredValue(batch?.firstAt),
            StoredValue(batch?.types), StoredValue(batch?.sessions),
        ]
    }

    package init(from row: inout StoredRow) throws(StoreError) {
        webhook = try row.text()
        position = try row.number()
        loss = try row.optionalInteger().map(Loss.init(number:))
        failures = try row.integer()
        failingSince = try row.optionalInteger()
        failingFor = try row.integer()
        last = try Attempt(from: &row)
        batch = try Batch(from: &row)
    }
}

extension StoredDelivery.Loss {
    /// As it is kept: no number of events is negative.
    fileprivate var number: Int64 {
        switch self {
        case .events(let events): Int64(clamping: events)
        case .unknown: -1
        }
    }

    fileprivate init(number: Int64) { self = number < 0 ? .unknown : .events(UInt64(number)) }
}

extension StoredDelivery.Attempt {
    /// Nil where there was none; throws `StoreError.damaged` where half of one is there.
    fileprivate init?(from row: inout StoredRow) throws(StoreError) {
        let (at, outcome) = (try row.optionalInteger(), try row.optionalText())
        let (status, duration) = (try row.optionalInteger(), try row.optionalInteger())
        guard let at, let outcome, let duration else {
            guard at == nil, outcome == nil, status == nil, duration == nil else {
                throw row.damaged("last_at is not what belongs there")
            }
            return nil
        }
        self.init(at: at, outcome: outcome, status: status, duration: duration)
    }
}

extension StoredDelivery.Batch {
    /// Nil where none is on its way; throws `StoreError.damaged` where half of one is there.
    fileprivate init?(from row: inout StoredRow) throws(StoreError) {
        let id = try row.optionalText()
        let (through, events) = (try row.optionalInteger(), try row.optionalInteger())
        let digest = try row.optionalBytes()
        let (madeAt, firstAt) = (try row.optionalInteger(), try row.optionalInteger())
        let (types, sessions) = (try row.optionalText(), try row.optionalText())
        guard let id else {
            guard through == nil, events == nil, digest == nil, madeAt == nil, firstAt == nil else {
                throw row.damaged("batch is not what belongs there")
            }
            return nil
        }
        guard let through, let digest, digest.count == 32, let madeAt, let firstAt else {
            throw row.damaged("batch is not what belongs there")
        }
        self.init(
            id: id, through: UInt64(bitPattern: through), events: events.map { UInt64(bitPattern: $0) }, digest: digest,
            madeAt: madeAt, firstAt: firstAt, types: types, sessions: sessions)
    }
}
