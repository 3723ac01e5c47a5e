import Locking

/// A store for as long as the process lives: what is handed in is written at once.
///
/// The commit is told before `take` returns, on the same thread, so whoever is told must hand nothing in. It never fails and is
/// never full.
package final class MemoryStore: Sendable {
    fileprivate struct State: Sendable {
        var index = JournalIndex()
        var events: [UInt64: EncodedEvent] = [:]
        var position: UInt64 = 0
        var records: [String: [RecordKey: [StoredValue]]] = [:]
        var retention = Retention()
        var onCommit: (@Sendable (Committed) -> Void)?
        var isClosed = false
    }

    fileprivate let state = Locked(State())
    /// Held from the position that an event gets until it was told: commits are told in their order.
    fileprivate let order = Locked(())
    /// Seconds that the store is open.
    private let seconds: @Sendable () -> UInt32

    /// - Parameter seconds: since it was opened, by which the age of events is measured.
    package init(seconds: (@Sendable () -> UInt32)? = nil) {
        let start = ContinuousClock.now
        self.seconds = seconds ?? { UInt32(clamping: (ContinuousClock.now - start).components.seconds) }
    }
}

extension MemoryStore: Store {
    package var outlivesProcess: Bool { false }

    package var health: StoreHealth { .good }

    package func onHealth(_ body: @escaping @Sendable (StoreHealth) -> Void) {}

    package func close() async { state.withLock { $0.isClosed = true } }
}

extension MemoryStore: JournalStore {
    package func take(
        _ events: [EncodedEvent], from seq: UInt64, of session: SessionID, with changes: [RecordChange],
        under tenure: Tenure
    ) -> AppendOutcome {
        order.withLock { _ in takeNext(events, seq, session, changes, tenure) }
    }

    private func takeNext(
        _ events: [EncodedEvent], _ seq: UInt64, _ session: SessionID, _ changes: [RecordChange], _ tenure: Tenure
    ) -> AppendOutcome {
        let now = seconds()
        let told = state.withLock { state -> (Committed, (@Sendable (Committed) -> Void)?)? in
            guard !state.isClosed, tenure.isValid else { return nil }
            for change in changes { state.take(change) }
            var committed = Committed()
            for (seq, event) in zip(seq..., events) {
                if let place = state.take(event, seq: seq, of: session, now: now) { committed.events.append(place) }
            }
            return (committed, state.onCommit)
        }
        guard let (committed, onCommit) = told else { return .refused }
        if !committed.events.isEmpty { onCommit?(committed) }
        return .taken
    }

    package func onCommit(_ body: @escaping @Sendable (Committed) -> Void) { state.withLock { $0.onCommit = body } }

    package func span(of session: SessionID) -> JournalSpan {
        let now = seconds()
        return state.withLock { $0.index.span(of: session, $0.retention, now: now) }
    }

    package var lastPosition: UInt64 { state.withLock { $0.index.lastPosition } }

    package func places() -> [EventPlace] { state.withLock { $0.index.places() } }

    package func lastGone() -> [EventPlace] { state.withLock { $0.index.lastGone } }

    package var journals: [SessionID] { state.withLock { $0.index.sessions } }

    package func age(of session: SessionID) -> Int? {
        let now = seconds()
        return state.withLock { $0.index.age(of: session, now: now) }
    }

    package var tally: JournalTally { state.withLock { JournalTally($0.index) } }

    package func read(_ places: [EventPlace]) async throws(StoreError) -> [EncodedEvent?] {
        state.withLock { state in places.map { state.events[$0.position] } }
    }

    package func read(
        _ session: SessionID, after seq: UInt64, limit: Int, bytes: Int
    ) async throws(StoreError) -> StoredPage {
        let now = seconds()
        return state.withLock { state in
            state.dropExcess(of: session, now: now)
            var page = StoredPage(through: max(seq, state.index.span(of: session).oldest))
            for (seq, entry) in state.index.entries(of: session, after: seq, limit: limit, bytes: bytes) {
                page.through = seq
                if let event = state.events[entry.position] {
                    page.events.append(StoredEvent(seq: seq, event: event, age: entry.age(at: now)))
                } else {
                    page.damaged += 1
                }
            }
            return page
        }
    }

    package func retain(_ retention: Retention) {
        let now = seconds()
        state.withLock { state in
            state.retention = retention
            for session in state.index.sessions { state.dropExcess(of: session, now: now) }
        }
    }
}

extension MemoryStore: RecordStore {
    package func note(_ changes: [RecordChange], under tenure: Tenure?) { _ = take(changes, under: tenure) }

    package func commit(
        _ changes: [RecordChange], under tenure: Tenure?, _ patience: Patience
    ) async throws(StoreError) {
        if let error = take(changes, under: tenure) { throw error }
    }

    package func rows<Record: StoredRecord>(
        _ kind: Record.Type, of session: SessionID?
    ) async throws(StoreError) -> RecordRows<Record> {
        let kept = state.withLock { state in
            (state.records[kind.table.name] ?? [:]).filter { key, _ in
                session.map { key.values.first == .text($0.text) } ?? true
            }
        }
        var rows = RecordRows<Record>()
        for values in kept.values { rows.take(values) }
        return rows
    }

    private func take(_ changes: [RecordChange], under tenure: Tenure?) -> StoreError? {
        state.withLock { state in
            if state.isClosed { return .closed }
            guard tenure?.isValid ?? true else { return .tenureOver }
            for change in changes { state.take(change) }
            return nil
        }
    }
}

extension MemoryStore.State {
    /// Where the event is now; nil for a number that the session has had already.
    fileprivate mutating func take(
        _ event: EncodedEvent, seq: UInt64, of session: SessionID, now: UInt32
    ) -> EventPlace? {
        let next = position + 1
        guard index.append(seq, position: next, size: event.json.count, second: now, of: session) else { return nil }
        position = next
        events[next] = event
        dropExcess(of: session, now: now)
        return EventPlace(session: session, seq: seq, position: next)
    }

    fileprivate mutating func take(_ change: RecordChange) {
        switch change {
        case .put(let record): records[record.key.table, default: [:]][record.key] = record.values
        case .remove(let key): records[key.table]?[key] = nil
        case .removeSession(let session):
            let id = StoredValue.text(session.text)
            for kind in RecordTable.all where kind.table.isOfSession || kind == StoredSession.self {
                records[kind.table.name] = records[kind.table.name]?.filter { $0.key.values.first != id }
            }
            for position in index.remove(session) { events[position] = nil }
        }
    }

    fileprivate mutating func dropExcess(of session: SessionID, now: UInt32) {
        for position in index.dropExcess(of: session, retention, now: now) { events[position] = nil }
        guard retention.totalBytes > 0, index.bytes > retention.totalBytes else { return }
        // A pass looks at all journals, so that it makes room for more than one event.
        let wanted = retention.totalBytes - retention.totalBytes / 64
        for position in index.dropOldest(downTo: wanted) { events[position] = nil }
    }
}
