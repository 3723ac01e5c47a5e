import CSQLite
import Locking
package import Storage

/// A store in one file of SQLite's.
///
/// One thread writes and another reads; whoever hands something in takes a lock for a moment and goes on. The file is one
/// process's alone (`state.lock`).
package final class SQLiteStore: Sendable {
    /// Of the library that is loaded, as `3.40.1`.
    package static var libraryVersion: String {
        // The text is the library's own and there for ever.
        unsafe sqlite3_libversion().map { unsafe String(cString: $0) } ?? "unknown"
    }

    /// What writer, reader and callers share.
    final class Shared: Sendable {
        let options: SQLiteOptions
        let queue: CommitQueue
        let index: Locked<JournalIndex>
        /// What was lost of journals before this store, for their feeds.
        let gaps: [EventPlace]
        /// What the start has found lost, and passed over.
        private let losses: (events: Int, numbers: Int)
        private let told: Locked<Told>

        private struct Told: Sendable {
            var retention: Retention
            var onCommit: (@Sendable (Committed) -> Void)?
            var onHealth: (@Sendable (StoreHealth) -> Void)?
            var figures = StoreFigures()
            /// Rows whose events are not what was written, each of which counts once.
            var damagedRows: Set<UInt64> = []
        }

        init(_ options: SQLiteOptions, _ scan: JournalScan, _ losses: (events: Int, numbers: Int)) {
            self.options = options
            self.losses = losses
            gaps = scan.gaps
            queue = CommitQueue(
                mostPerSession: options.waitingPerSession, most: options.waiting, uptime: options.uptime)
            index = Locked(scan.index)
            told = Locked(Told(retention: options.retention))
        }

        var retention: Retention {
            get { told.withLock { $0.retention } }
            set { told.withLock { $0.retention = newValue } }
        }

        var figures: StoreFigures {
            var figures = told.withLock { $0.figures }
            figures.damagedEvents = damaged
            figures.passedOverNumbers = losses.numbers
            figures.waitingBytes = queue.bytes
            return figures
        }

        var damaged: Int { told.withLock { $0.damagedRows.count } + losses.events }

        /// An event can't be read; whoever asks again finds nothing new.
        func noteDamage(at position: UInt64) { told.withLock { _ = $0.damagedRows.insert(position) } }

        func tell(_ committed: Committed) { told.withLock { $0.onCommit }?(committed) }

        func tell(_ health: StoreHealth) {
            let body = told.withLock { told in
                if health != .good { told.figures.failures += 1 }
                return told.onHealth
            }
            body?(health)
        }

        func onCommit(_ body: @escaping @Sendable (Committed) -> Void) { told.withLock { $0.onCommit = body } }

        func onHealth(_ body: @escaping @Sendable (StoreHealth) -> Void) { told.withLock { $0.onHealth = body } }
    }

    private let shared: Shared
    private let reader: ReadThread
    private let clock: StateClock
    private let ending: StoreEnding
    /// Whether the directory had no database before this was opened.
    package let isNew: Bool
    /// What was found damaged or lost, a sentence for each; empty where all is well.
    package let faults: [String]

    /// Opens the directory, which has to be there, and makes its database where it has none.
    ///
    /// Throws `StoreError.refused` for a directory that can't be used, which is left as it is. Nothing is written before
    /// something is handed in.
    package convenience init(_ options: SQLiteOptions) throws(StoreError) {
        try self.init(options, schema: .current)
    }

    init(_ options: SQLiteOptions, schema: Schema) throws(StoreError) {
        let opened = try OpenedState(options, schema: schema)
        let scan = opened.database.scan
        (isNew, faults) = (opened.isNew, opened.faults)
        reader = ReadThread(path: StateFiles(directory: options.directory).database)
        shared = Shared(options, scan, opened.losses)
        clock = StateClock(before: scan.meta.second, uptime: options.uptime)
        ending = StoreEnding(threads: 2, holding: opened.lock, opened.isNew ? nil : opened.traces)
        let writer = Handed(Writer(opened.database.writing, shared, clock, scan, opened.mark, ending))
        let reading = Handed(opened.database.reading)
        let (reader, ending) = (reader, ending)
        // Whoever runs lets go of the connection at its end, and then says so.
        let isWriting = StoreThread.start {
            writer.take()?.run()
            ending.threadEnded()
        }
        let isReading = StoreThread.start {
            if let connection = reading.take() { reader.run(connection) }
            ending.threadEnded()
        }
        guard isWriting == 0, isReading == 0 else {
            shared.queue.close()
            reader.close()
            throw .refused("no thread can be started: \(StateFiles.reason(max(isWriting, isReading)))")
        }
    }

    /// Events that could not be read since it was opened.
    package var damagedEvents: Int { shared.figures.damagedEvents }

    deinit {
        shared.queue.close()
        reader.close()
    }
}

extension SQLiteStore: Store {
    package var outlivesProcess: Bool { true }

    package var health: StoreHealth {
        let (health, isNews) = shared.queue.look()
        // The writer waits for the disk, and can tell nobody.
        if isNews { shared.tell(health) }
        return health
    }

    package var figures: StoreFigures { shared.figures }

    package var place: String { StateFiles(directory: shared.options.directory).database }

    package func onHealth(_ body: @escaping @Sendable (StoreHealth) -> Void) { shared.onHealth(body) }

    package func close() async {
        shared.queue.close()
        reader.close()
        await ending.wait()
    }
}

extension SQLiteStore: JournalStore {
    package func take(
        _ events: [EncodedEvent], from seq: UInt64, of session: SessionID, with changes: [RecordChange],
        under tenure: Tenure
    ) -> AppendOutcome {
        guard tenure.isValid else { return .refused }
        let second = clock.second
        return shared.queue.take(
            zip(seq..., events).lazy.map { CommitQueue.Event(session: session, seq: $0, event: $1, second: second) },
            changes.isEmpty ? nil : CommitQueue.Changes(changes: changes, patience: .untilWritten, done: nil),
            of: session)
    }

    package func onCommit(_ body: @escaping @Sendable (Committed) -> Void) { shared.onCommit(body) }

    package func span(of session: SessionID) -> JournalSpan {
        let (now, retention) = (clock.second, shared.retention)
        return shared.index.withLock { $0.span(of: session, retention, now: now) }
    }

    package var lastPosition: UInt64 { shared.index.withLock { $0.lastPosition } }

    package func places() -> [EventPlace] { shared.index.withLock { $0.places() } }

    package func lastGone() -> [EventPlace] { shared.index.withLock { $0.lastGone } + shared.gaps }

    package var journals: [SessionID] { shared.index.withLock { $0.sessions } }

    package func age(of session: SessionID) -> Int? {
        let now = clock.second
        return shared.index.withLock { $0.age(of: session, now: now) }
    }

    package var tally: JournalTally {
        var tally = shared.index.withLock { JournalTally($0) }
        tally.damaged = shared.damaged
        return tally
    }

    package func read(
        _ session: SessionID, after seq: UInt64, limit: Int, bytes: Int
    ) async throws(StoreError) -> StoredPage {
        let (entries, oldest) = shared.index.withLock { index in
            (index.entries(of: session, after: seq, limit: limit, bytes: bytes), index.span(of: session).oldest)
        }
        guard !entries.isEmpty else { return StoredPage(through: max(seq, oldest)) }
        let (now, shared) = (clock.second, shared)
        return try await reader.ask { connection throws(SQLiteError) in
            var page = StoredPage(through: max(seq, oldest))
            for (seq, entry) in entries {
                page.through = seq
                let place = EventPlace(session: session, seq: seq, position: entry.position)
                if let event = try connection.event(at: place) {
                    page.events.append(StoredEvent(seq: seq, event: event, age: entry.age(at: now)))
                } else if shared.misses(place) {
                    page.damaged += 1
                }
            }
            return page
        }
    }

    package func read(_ places: [EventPlace]) async throws(StoreError) -> [EncodedEvent?] {
        let shared = shared
        return try await reader.ask { connection throws(SQLiteError) in
            var events: [EncodedEvent?] = []
            for place in places {
                let event = try connection.event(at: place)
                if event == nil { _ = shared.misses(place) }
                events.append(event)
            }
            return events
        }
    }

    package func retain(_ retention: Retention) { shared.retention = retention }
}

extension SQLiteStore.Shared {
    /// Whether an event that is not there should be: it was not let go while somebody read.
    fileprivate func misses(_ place: EventPlace) -> Bool {
        guard index.withLock({ $0.keeps(place) }) else { return false }
        // What the start has missed already has no position, and is counted.
        if place.position > 0 { noteDamage(at: place.position) }
        return true
    }
}

extension SQLiteConnection {
    /// The event of a row; nil where it is not there or not what was written.
    func event(at place: EventPlace) throws(SQLiteError) -> EncodedEvent? {
        var event: EncodedEvent?
        do throws(SQLiteError) {
            try rows(SQL.event, [StoredValue(place.position)]) { row in
                let found = EncodedEvent(type: row.text(3), json: row.bytes(4))
                guard UInt64(bitPattern: row.integer(0)) == place.seq,
                    RowSum.isSum(row.integer(2), of: found, place.session)
                else { return }
                event = found
            }
        } catch {
            // A damaged page costs the events that lie on it, and no others.
            guard error.isDamage else { throw error }
        }
        return event
    }
}

extension SQLiteStore: RecordStore {
    package func note(_ changes: [RecordChange], under tenure: Tenure?) {
        guard tenure?.isValid ?? true else { return }
        shared.queue.add(CommitQueue.Changes(changes: changes, patience: .untilWritten, done: nil))
    }

    package func commit(
        _ changes: [RecordChange], under tenure: Tenure?, _ patience: Patience
    ) async throws(StoreError) {
        guard tenure?.isValid ?? true else { throw .tenureOver }
        let queue = shared.queue
        let error = await withCheckedContinuation { continuation in
            queue.add(
                CommitQueue.Changes(changes: changes, patience: patience) { continuation.resume(returning: $0) })
        }
        if let error { throw error }
    }

    package func rows<Record: StoredRecord>(
        _ kind: Record.Type, of session: SessionID?
    ) async throws(StoreError) -> RecordRows<Record> {
        try await reader.ask { connection throws(SQLiteError) in try connection.records(kind, of: session) }
    }
}
