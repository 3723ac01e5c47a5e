import Storage

/// The numbers under which sessions stand in the journal; none is given twice.
struct JournalNumbers {
    /// What `journal_session` says of a session.
    private struct Known {
        let number: Int64
        /// Where its numbers go on behind, whatever rows there are.
        var head: UInt64 = 0
        var reserved: UInt64
        /// Where the last event stood that was let go.
        var gone: UInt64 = 0

        /// Whether the row is as it was written.
        func sum(_ session: SessionID) -> UInt32 {
            var sum = Checksum.of(session.text)
            for number in [UInt64(bitPattern: number), head, reserved, gone] { sum = Checksum.of(number, behind: sum) }
            return sum
        }

        /// What the row is in a `RowSet`: another one with any other value in it.
        func mark(_ session: SessionID) -> UInt64 {
            RowSet.mark(UInt64(bitPattern: number)) &+ UInt64(sum(session))
        }
    }

    private var all: [SessionID: Known] = [:]
    /// The highest that was given.
    private(set) var last: Int64 = 0
    /// What `journal_session` has.
    private(set) var rows = RowSet()

    /// Numbers of events that are reserved at once: so many fewer writes, and at most so many are lost where rows are.
    static let block: UInt64 = 256

    /// The sessions, with their numbers in the journal and where their events' numbers may be by now.
    var sessions: [(id: SessionID, number: Int64, reserved: UInt64)] {
        all.map { ($0.key, $0.value.number, $0.value.reserved) }
    }

    /// Takes in what a row of `journal_session` says; nil where that is not what was written.
    mutating func read(_ row: SQLiteStatement) -> (id: SessionID, number: Int64, head: UInt64, gone: UInt64)? {
        let session = SessionID(row.text(1))
        let known = Known(
            number: row.integer(0), head: UInt64(bitPattern: row.integer(2)),
            reserved: UInt64(bitPattern: row.integer(3)), gone: UInt64(bitPattern: row.integer(4)))
        guard row.integer(5) == Int64(known.sum(session)), all[session] == nil else { return nil }
        take(session, known)
        return (session, known.number, known.head, known.gone)
    }

    /// Takes in a session that `journal_session` has lost, under the number that its events have, or a new one.
    mutating func find(_ session: SessionID, _ number: Int64? = nil) {
        last = max(last, number ?? last + 1)
        take(session, Known(number: number ?? last, reserved: 0))
    }

    /// None up to there is free.
    mutating func reserve(_ number: Int64) { last = max(last, number) }

    /// The number of a session, which it gets with its first event; that event's number is reserved.
    mutating func number(
        of session: SessionID, for seq: UInt64, in connection: SQLiteConnection
    ) throws(SQLiteError) -> Int64 {
        if let known = all[session] {
            guard known.reserved < seq else { return known.number }
            change(session) { $0.reserved = seq + Self.block }
            try write(session, in: connection)
            return known.number
        }
        last += 1
        take(session, Known(number: last, reserved: seq + Self.block))
        try write(session, in: connection)
        return last
    }

    mutating func remove(_ session: SessionID, in connection: SQLiteConnection) throws(SQLiteError) {
        guard let known = all.removeValue(forKey: session) else { return }
        rows.remove(known.mark(session))
        try connection.run(SQL.deleteJournal, [.integer(known.number)])
    }

    /// Writes down where a session's numbers go on, unless that stands there already.
    mutating func noteHead(
        _ head: UInt64, of session: SessionID, in connection: SQLiteConnection
    ) throws(SQLiteError) {
        guard let known = all[session], known.head != head else { return }
        change(session) { $0.head = head }
        try write(session, in: connection)
    }

    /// Writes down where the last event stood that a session has let go, unless that stands there already.
    mutating func noteGone(
        _ position: UInt64, of session: SessionID, in connection: SQLiteConnection
    ) throws(SQLiteError) {
        guard let known = all[session], known.gone < position else { return }
        change(session) { $0.gone = position }
        try write(session, in: connection)
    }

    /// Takes over where sessions' numbers go on, and what they have let go; those of which that is news.
    mutating func settle(_ sessions: some Sequence<SessionID>, as index: JournalIndex) -> [SessionID] {
        let gone = Dictionary(uniqueKeysWithValues: index.lastGone.map { ($0.session, $0.position) })
        return sessions.filter { session in
            guard let known = all[session] else { return false }
            let head = max(known.head, index.span(of: session).head)
            let last = max(known.gone, gone[session] ?? 0)
            guard head != known.head || last != known.gone else { return false }
            change(session) { ($0.head, $0.gone) = (head, last) }
            return true
        }
    }

    /// Writes all of it, in the place of what is there.
    func writeAll(in connection: SQLiteConnection) throws(SQLiteError) {
        try connection.run(SQL.deleteJournals)
        for session in all.keys { try write(session, in: connection) }
    }

    /// Writes what it knows of one session.
    func write(_ session: SessionID, in connection: SQLiteConnection) throws(SQLiteError) {
        guard let known = all[session] else { return }
        try connection.run(
            SQL.putJournal,
            [
                .integer(known.number), .text(session.text), StoredValue(known.head), StoredValue(known.reserved),
                StoredValue(known.gone), .integer(Int64(known.sum(session))),
            ])
    }

    // MARK: - In memory

    private mutating func take(_ session: SessionID, _ known: Known) {
        all[session] = known
        last = max(last, known.number)
        rows.insert(known.mark(session))
    }

    private mutating func change(_ session: SessionID, _ body: (inout Known) -> Void) {
        guard var known = all[session] else { return }
        rows.remove(known.mark(session))
        body(&known)
        rows.insert(known.mark(session))
        all[session] = known
    }
}
