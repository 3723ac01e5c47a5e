import ByteText
import Locking
import Storage

/// Writes what waits: all there is in one transaction, and the next as soon as that is done.
///
/// So a store that has nothing to do writes each event at once, and a busy one many together, without a window of its own.
///
/// It is `@unchecked Sendable` so that its thread can be given it: only that touches it.
final class Writer: @unchecked Sendable {
    private let connection: SQLiteConnection
    private let store: SQLiteStore.Shared
    private let clock: StateClock
    private let files: StateFiles
    private let ending: StoreEnding
    private var ballast: Ballast
    private var numbers: JournalNumbers
    private var meta: JournalMeta
    /// Sessions whose numbers go on behind rows that were lost, while that is written nowhere.
    private var moved: Set<SessionID>
    /// What the file says of sessions and rows is not what there is, and no other file could be made.
    private var isTorn: Bool
    private let mark: StateMark
    private var place: StatePlace
    /// Rows that nobody reads any more.
    private var dead: DeadRows
    /// Handed in and not written.
    private var waiting: [CommitQueue.Work] = []
    /// A password or another secret was taken out or sealed anew: no page of the WAL is to have what it was.
    private var mustTruncate = false
    /// How many may wait before those are looked for that later ones replace.
    private var crowd = Writer.smallCrowd
    private var lastLook: UInt32
    private var lastPlace: UInt32
    /// What was asked of the disk last could not be done.
    private var hasFailed = false
    /// Something was handed in: a start that refuses what it has read leaves all as it is.
    private var hasBegun = false

    /// How long it sleeps without anything to write, before it looks for what is too old.
    private static let nap = Duration.seconds(5)
    private static let smallCrowd = 1_024
    /// Rows that wait to be deleted before that is done beside traffic.
    private static let manyDead = 2_048
    /// Events of all sessions are let go when they are too many by a 64th of the limit: a pass looks at all journals.
    private static let slack = 64

    init(
        _ connection: SQLiteConnection, _ store: SQLiteStore.Shared, _ clock: StateClock, _ scan: JournalScan,
        _ mark: StateMark, _ ending: StoreEnding
    ) {
        self.ending = ending
        self.connection = connection
        self.store = store
        self.clock = clock
        files = StateFiles(directory: store.options.directory)
        ballast = Ballast(files, bytes: store.options.ballastBytes)
        numbers = scan.numbers
        meta = scan.meta
        (moved, isTorn) = (scan.moved, scan.isTorn)
        self.mark = mark
        place = StatePlace(files)
        dead = DeadRows(scan.dead)
        (lastLook, lastPlace) = (clock.second, clock.second)
    }

    /// Returns when the queue is closed and all is written, or can't be.
    func run() {
        while true {
            // Asked first: what came before it was closed is then there.
            let isClosed = store.queue.isClosed
            // What could not be written, and a disk that failed, are tried again without waiting for more.
            let isCalm = waiting.isEmpty && !hasFailed
            waiting += store.queue.take(atMost: isCalm ? Self.nap : .zero)
            if !hasBegun, !waiting.isEmpty {
                hasBegun = true
                ending.willWrite()
                ballast.keep()
            }
            do throws(SQLiteError) {
                if hasBegun { try work() }
                become(.good)
                if isClosed, waiting.isEmpty { break }
            } catch {
                // What is old makes room for what is new, and nobody need hear of it.
                if error.isFull, hasMadeRoom() { continue }
                fail(error)
                if isClosed { break }
                store.queue.pause(store.options.retryInterval)
            }
        }
        for work in waiting { if case .changes(let changes) = work { changes.done?(.closed) } }
        finish()
    }

    private func work() throws(SQLiteError) {
        let isIdle = waiting.isEmpty
        try lookAtPlace()
        if !isIdle || dead.count > 0 || hasFailed { try noteMoved() }
        if hasFailed, isIdle {
            // Nothing is handed in that can't wait, so that somebody has to try.
            try transaction { () throws(SQLiteError) in try noteMeta() }
        }
        if !isIdle { try write() }
        if dead.count >= Self.manyDead || isIdle { while dead.count > 0 { try deleteDead() } }
        guard isIdle || clock.second &- lastLook > 60 else { return }
        lastLook = clock.second
        dropOld()
        ballast.keep()
        if mustTruncate { mustTruncate = try !asking { () throws(SQLiteError) in try connection.checkpoint() } }
    }

    // MARK: - Asking the disk

    private func transaction(_ body: () throws(SQLiteError) -> Void) throws(SQLiteError) {
        try asking { () throws(SQLiteError) in try connection.transaction(body) }
    }

    /// Does what takes long where the disk doesn't answer: then it is told that nothing can be written.
    private func asking<Answer>(_ body: () throws(SQLiteError) -> Answer) throws(SQLiteError) -> Answer {
        store.queue.ask(true)
        defer { store.queue.ask(false) }
        return try body()
    }

    // MARK: - Writing

    private func write() throws(SQLiteError) {
        let before = (meta, numbers)
        do throws(SQLiteError) {
            try transaction { () throws(SQLiteError) in
                for work in waiting {
                    switch work {
                    case .event(let event): try insert(event)
                    case .changes(let changes): for change in changes.changes { try apply(change) }
                    }
                }
                if meta.rows != before.0.rows || numbers.rows != before.1.rows { try noteMeta() }
            }
        } catch {
            (meta, numbers) = before
            throw error
        }
        // Before anybody is told: the next process knows then what there has to be.
        if meta.position > before.0.position { mark.note(meta.position) }
        publish(from: before.0.position)
    }

    private func insert(_ event: CommitQueue.Event) throws(SQLiteError) {
        let number = try numbers.number(of: event.session, for: event.seq, in: connection)
        let place = meta.next()
        let sum = RowSum(at: place, number, event.seq, event.second).with(event.event, of: event.session)
        let statement = try connection.statement(SQL.insertEvent)
        defer { statement.reset() }
        try statement.bind(1, Int64(place))
        try statement.bind(2, number)
        try statement.bind(3, Int64(bitPattern: event.seq))
        try statement.bind(4, Int64(event.second))
        try statement.bind(5, sum)
        try statement.bind(6, event.event.type)
        try statement.bind(7, event.event.json)
        _ = try statement.step()
    }

    private func apply(_ change: RecordChange) throws(SQLiteError) {
        switch change {
        case .put(let record):
            if record is StoredSession || record is StoredWebhook { mustTruncate = true }
            try connection.put(record)
        case .remove(let key):
            guard let sql = SQL.changes[key.table] else { return }
            if ASCII.equals(key.table, StoredWebhook.table.name) { mustTruncate = true }
            try connection.run(sql.remove, key.values)
        case .removeSession(let session):
            mustTruncate = true
            for kind in RecordTable.all where kind.table.isOfSession || kind == StoredSession.self {
                guard let sql = SQL.changes[kind.table.name] else { continue }
                try connection.run(sql.removeOfSession, [.text(session.text)])
            }
            try numbers.remove(session, in: connection)
        }
    }

    /// Tells what is written: first the journals, then whoever waits for records.
    private func publish(from first: UInt64) {
        var (committed, touched) = (Committed(), Set<SessionID>())
        var next = first
        store.index.withLock { index in
            for work in waiting {
                switch work {
                case .event(let event):
                    next += 1
                    touched.insert(event.session)
                    let isNew = index.append(
                        event.seq, position: next, size: event.event.json.count, second: event.second,
                        of: event.session)
                    if isNew {
                        committed.events.append(EventPlace(session: event.session, seq: event.seq, position: next))
                    } else {
                        dead.add([next])
                    }
                case .changes(let changes):
                    for case .removeSession(let session) in changes.changes { dead.add(index.remove(session)) }
                }
            }
            dropExcess(of: touched, in: &index)
        }
        committed.relieved = store.queue.wrote(waiting)
        let written = waiting
        (waiting, crowd) = ([], Self.smallCrowd)
        if !committed.events.isEmpty || !committed.relieved.isEmpty { store.tell(committed) }
        for case .changes(let changes) in written { changes.done?(nil) }
    }

    // MARK: - Failing

    /// Deletes all rows that nobody reads any more, or is to; false where there are none, or they can't be deleted.
    private func hasMadeRoom() -> Bool {
        dropOld()
        guard dead.count > 0 else { return false }
        do throws(SQLiteError) {
            while dead.count > 0 { try deleteDead() }
            return true
        } catch {
            return false
        }
    }

    private func fail(_ error: SQLiteError) {
        if error.isFull {
            ballast.give()
            // Each time: the first may have found somebody reading.
            _ = try? asking { () throws(SQLiteError) in try connection.checkpoint() }
        }
        // Memory may know better than the file what stood there, but can't say where: the next start makes another file.
        if error.isDamage { files.markDamaged() }
        // After what was to be written has been refused nobody may hear that it is good again before that is so.
        become(.failing(error.reason))
        waiting.removeAll { work in
            guard case .changes(let changes) = work, changes.patience == .orNothing else { return false }
            store.queue.release(work.size, of: work.session)
            changes.done?(.unavailable(error.reason))
            return true
        }
        guard waiting.count > crowd else { return }
        for (size, session) in waiting.dropReplaced() { store.queue.release(size, of: session) }
        crowd = max(Self.smallCrowd, 2 * waiting.count)
    }

    private func become(_ health: StoreHealth) {
        hasFailed = health != .good
        if store.queue.become(health) { store.tell(health) }
    }

    // MARK: - Letting go

    private func dropOld() {
        store.index.withLock { index in dropExcess(of: index.sessions, in: &index) }
    }

    /// Lets go what sessions, and all together, have beyond the limits.
    private func dropExcess(of sessions: some Sequence<SessionID>, in index: inout JournalIndex) {
        let (now, retention) = (clock.second, store.retention)
        for session in sessions { dead.add(index.dropExcess(of: session, retention, now: now)) }
        guard retention.totalBytes > 0, index.bytes > retention.totalBytes else { return }
        dead.add(index.dropOldest(downTo: retention.totalBytes - retention.totalBytes / Self.slack))
    }

    /// Deletes some of the rows that nobody reads any more.
    private func deleteDead() throws(SQLiteError) {
        let (ranges, rest) = dead.slice()
        let before = meta
        var written = numbers
        // The numbers of a session go on although none of its rows is left to say where.
        let (emptied, gone) = store.index.withLock { ($0.emptied, $0.lastGone) }
        do throws(SQLiteError) {
            try transaction { () throws(SQLiteError) in
                for range in ranges {
                    try connection.run(
                        SQL.deleteEvents, [.integer(Int64(range.lowerBound)), .integer(Int64(range.upperBound))])
                    for position in range { meta.rows.remove(position) }
                }
                for (session, head) in emptied { try written.noteHead(head, of: session, in: connection) }
                for place in gone { try written.noteGone(place.position, of: place.session, in: connection) }
                try noteMeta(written)
            }
        } catch {
            meta = before
            throw error
        }
        (numbers, dead) = (written, rest)
    }

    /// Before the rows are deleted that show it, and before an event has the next number.
    private func noteMoved() throws(SQLiteError) {
        guard !moved.isEmpty || isTorn else { return }
        var written = numbers
        let changed = store.index.withLock { written.settle(moved, as: $0) }
        try transaction { () throws(SQLiteError) in
            if isTorn {
                try written.writeAll(in: connection)
            } else {
                for session in changed { try written.write(session, in: connection) }
            }
            try noteMeta(written)
        }
        (numbers, moved, isTorn) = (written, [], false)
    }

    private func noteMeta(_ written: JournalNumbers? = nil) throws(SQLiteError) {
        meta.second = clock.second
        try meta.note(written ?? numbers, in: connection)
    }

    /// Throws where somebody has taken the files away, or put others in their place: what is written now would be nowhere.
    private func lookAtPlace() throws(SQLiteError) {
        let now = clock.second
        guard hasFailed || now != lastPlace else { return }
        lastPlace = now
        guard !place.isSame() else { return }
        // What was told is in the database then, where that is still there.
        _ = try? asking { () throws(SQLiteError) in try connection.checkpoint() }
        throw .moved
    }

    private func finish() {
        guard hasBegun else { return }
        // Some of them: an end is not to take long. Where it can't be written any more, the next start finds what the last
        // commit left.
        dropOld()
        if (try? noteMoved()) != nil { try? deleteDead() }
        _ = try? connection.checkpoint()
    }
}
