import Storage

/// What one pass over the journal finds at the start.
struct JournalScan {
    private(set) var index = JournalIndex()
    private(set) var numbers = JournalNumbers()
    private(set) var meta = JournalMeta()
    /// Rows of sessions that are gone, and those that say what was not written; none where nobody can be sure of that.
    private(set) var dead: [UInt64] = []
    /// Rows that say what was not written; their events are missing.
    var spoiled: Int { spoiledRows.count }
    /// Events that are known to be lost, as far as their rows can be counted.
    var lostEvents: Int { max(index.damaged, min(missing, index.damaged + index.passedOver)) }
    /// Numbers that no event has, as one that was lost may have had them.
    var passedOver: Int { index.damaged + index.passedOver - lostEvents }
    /// Rows that were written and are not there; 0 where nobody knows.
    private var missing = 0
    /// Whether more is damaged than single rows: nothing can be relied on, and all is to be written anew.
    private(set) var isTorn = false
    /// Sessions of which the file does not say where their numbers go on, or where the last event stood that is gone.
    private(set) var moved: Set<SessionID> = []
    /// Where events are missing between those that are kept, in places that none of these has.
    private(set) var gaps: [EventPlace] = []
    /// Sessions whose ID is lost, with what it has added to the sums of their events.
    private(set) var unnamed: [SessionID: UInt32] = [:]
    /// What is damaged or lost, a sentence for each.
    private(set) var faults: [String] = []
    private var spoiledRows: [SpoiledRow] = []
    private var sessions: [Int64: SessionID] = [:]
    /// Those of which `journal_session` knew nothing.
    private var found: Set<SessionID> = []
    /// Of each session of which not all is kept, the place before its first event that no other event has.
    private var firsts: [(session: SessionID, position: UInt64)] = []
    /// Sessions whose numbers go on behind events that nobody has seen any more.
    private var behind: Set<SessionID> = []
    /// The last row, and the last place that no event has.
    private var last: (row: UInt64, free: UInt64) = (0, 0)
    /// The highest position that may have been lost, and how many may have been.
    private var lost: (highest: UInt64, count: UInt64) = (0, 0)

    /// Rows for each of which all sessions are looked at; of more it is enough that they are lost.
    private static let manySpoiled = 64

    /// What stands in a row that says what was not written.
    private struct SpoiledRow {
        let position: UInt64
        let session: Int64
        let seq: UInt64
        let second: UInt32
        let sum: Int64

        /// Whether this was the event of that number of that session, before one of the row's numbers changed.
        func was(_ session: Int64, _ seq: UInt64) -> Bool {
            session == self.session && seq == self.seq || RowSum(at: position, session, seq, second).isPlace(of: sum)
        }
    }

    /// - Parameter told: the position up to which events were told as written; 0 where nobody knows.
    init(_ connection: SQLiteConnection, told: UInt64 = 0) throws(SQLiteError) {
        let written = try JournalMeta(in: connection)
        meta = written ?? JournalMeta()
        numbers.reserve(meta.number)
        let (known, isWhole) = try readNumbers(connection)
        let isNamed = isWhole && numbers.rows == (written?.journals ?? numbers.rows)
        // Without `meta` nobody knows whether a number that no session has is of one that was removed.
        let isSure = isNamed && written != nil
        if !isSure { try findNames(connection) }
        meta.rows = RowSet()
        // Where a start has passed numbers over, it has written down how far.
        for (session, head, _) in known { index.setPassed(head, of: session) }
        let pass = try JournalPass(connection) { take($0) }
        if pass.isDisordered { try sort(connection, known.map { ($0.session, $0.head) }) }
        for (session, head, gone) in known {
            index.setHead(head, of: session)
            index.setGone(gone, of: session)
        }
        if written == nil { faults.append("the row of meta is missing, or not what was written") }
        if !isNamed { faults.append("journal_session does not say what was written") }
        if !found.isEmpty { faults.append("\(found.count) journals were not in journal_session") }
        compare(pass, written)
        isTorn = isTorn || !isSure
        let last = meta.position
        passSpoiled()
        passLost(hasMeta: written != nil)
        passUnnamed(isNamed ? found : Set(sessions.values).union(found))
        if told > last { passUnwritten(told, last, isNews: written?.position == last) }
        noteGone()
        index.notePosition(meta.position)
        if isTorn { dead = [] }
    }

    // MARK: - Reading

    /// What `journal_session` says, and whether all of it is what was written.
    private mutating func readNumbers(
        _ connection: SQLiteConnection
    ) throws(SQLiteError) -> ([(session: SessionID, head: UInt64, gone: UInt64)], isWhole: Bool) {
        var known: [(SessionID, head: UInt64, gone: UInt64)] = []
        var isWhole = true
        do throws(SQLiteError) {
            try connection.rows(SQL.journals) { row in
                guard sessions[row.integer(0)] == nil, let journal = numbers.read(row) else {
                    isWhole = false
                    return
                }
                sessions[journal.number] = journal.id
                known.append((journal.id, journal.head, journal.gone))
            }
        } catch {
            guard error.isDamage else { throw error }
            isWhole = false
        }
        return (known, isWhole)
    }

    /// Finds the sessions again that `journal_session` has lost: those of the journal's rows, and those that have none there.
    private mutating func findNames(_ connection: SQLiteConnection) throws(SQLiteError) {
        let names = try JournalNames(connection, without: Set(sessions.keys))
        var known = Set(sessions.values)
        for journal in names.found {
            // One that has another number already is none of two.
            let isNew = known.insert(journal.id).inserted
            let id = isNew ? journal.id : SessionID("lost-\(journal.number)")
            sessions[journal.number] = id
            numbers.find(id, journal.number)
            found.insert(id)
            if let mark = journal.mark { unnamed[id] = mark }
            if !isNew { unnamed[id] = RowSum.mark(journal.id) }
        }
        for id in names.sessions where known.insert(id).inserted {
            numbers.find(id)
            found.insert(id)
        }
    }

    /// Begins the pass anew with the rows of a journal that are in no order.
    private mutating func sort(
        _ connection: SQLiteConnection, _ passed: [(session: SessionID, head: UInt64)]
    ) throws(SQLiteError) {
        (index, last, meta.rows) = (JournalIndex(), (0, 0), RowSet())
        for (session, head) in passed { index.setPassed(head, of: session) }
        (dead, gaps, firsts, spoiledRows) = ([], [], [], [])
        for row in try JournalPass.sorted(connection) { take(row) }
    }

    private mutating func take(_ row: JournalRow) {
        let (place, seq, second) = (row.position, row.seq, row.second)
        if place - last.row > 1 { last.free = place - 1 }
        last.row = place
        meta.rows.insert(place)
        meta.position = max(meta.position, place)
        guard row.isPlace else {
            // One wrong second would make all others too old, and one wrong number a session's others repeats.
            spoiledRows.append(
                SpoiledRow(position: place, session: row.session, seq: seq, second: second, sum: row.sum))
            dead.append(place)
            last.free = place
            return
        }
        meta.second = max(meta.second, second)
        numbers.reserve(row.session)
        let session = sessions[row.session]
        let taken = session.flatMap { session in
            index.take(seq, position: place, size: row.size, second: second, of: session)
        }
        guard let session, let taken else {
            dead.append(place)
            last.free = place
            return
        }
        if taken.hole > 0 { gaps.append(EventPlace(session: session, seq: seq - 1, position: last.free)) }
        if taken.isFirst, seq > 1 { firsts.append((session, last.free)) }
    }

    // MARK: - Going on

    /// Whether the rows are those that were written.
    private mutating func compare(_ pass: JournalPass, _ written: JournalMeta?) {
        if let damaged = pass.lost { lost = damaged }
        guard let written else {
            lost = (.max, .max)
            return
        }
        isTorn = pass.lost != nil || pass.isDisordered || meta.rows != written.rows
        guard isTorn else { return }
        faults.append(
            "the journal has \(meta.rows.count) rows that can be read, and \(written.rows.count) were written")
        // What lies on pages that can't be read are that many at most; of others that are missing nobody knows where they were.
        let missing = written.rows.count &- meta.rows.count
        if missing <= written.rows.count { self.missing = Int(clamping: missing) }
        // Of one row its place is known, and so whose it can't have been: of those that have events behind it.
        let row = RowSet.row(of: written.rows.marks &- meta.rows.marks)
        if missing == 1, !pass.isDisordered, row > 0, row <= written.position {
            lost = (row, 1)
            return
        }
        if pass.isDisordered || missing > written.rows.count || missing > lost.count { lost = (.max, .max) }
    }

    /// No number up to there is given again; true where that is news.
    @discardableResult
    private mutating func move(_ session: SessionID, to head: UInt64, isLoss: Bool = false) -> Bool {
        guard head > index.span(of: session).head else { return false }
        index.setHead(head, of: session, isLoss: isLoss)
        moved.insert(session)
        // No session has come further than the store: where nothing else is known of one, that is.
        meta.position = max(meta.position, head)
        return true
    }

    /// The numbers of rows that say what was not written are not given again.
    private mutating func passSpoiled() {
        if spoiled > Self.manySpoiled, let last = spoiledRows.last?.position {
            lost = (max(lost.highest, last), lost.count == .max ? .max : lost.count &+ UInt64(spoiled))
            meta.position = max(meta.position, last)
        }
        let numbers = numbers.sessions
        for row in spoiledRows.prefix(Self.manySpoiled) {
            for (session, number, _) in numbers where index.lastPosition(of: session) < row.position {
                let next = index.span(of: session).head + 1
                if row.was(number, next), move(session, to: next, isLoss: true) {
                    index.setGone(row.position, of: session)
                }
            }
        }
    }

    /// Numbers that lost rows may have had are not given again.
    private mutating func passLost(hasMeta: Bool) {
        guard lost.highest > 0 else { return }
        meta.position = hasMeta ? max(meta.position, meta.reserved) : meta.position + JournalMeta.block
        for (session, _, reserved) in numbers.sessions where index.lastPosition(of: session) <= lost.highest {
            let (head, isOver) = index.span(of: session).head.addingReportingOverflow(lost.count)
            if move(session, to: isOver ? reserved : min(head, reserved)) { behind.insert(session) }
        }
    }

    /// The same where nobody knows what was reserved: one block behind the last event, or behind all that were ever written.
    private mutating func passUnnamed(_ sessions: Set<SessionID>) {
        guard !sessions.isEmpty else { return }
        meta.position = max(meta.position, meta.reserved)
        var emptied: [SessionID] = []
        for session in sessions {
            guard index.lastPosition(of: session) > 0 else {
                emptied.append(session)
                continue
            }
            if move(session, to: index.span(of: session).head + JournalNumbers.block) { behind.insert(session) }
        }
        for session in emptied where move(session, to: meta.position) { behind.insert(session) }
    }

    /// The same where the last process has told of more than there is.
    private mutating func passUnwritten(_ told: UInt64, _ last: UInt64, isNews: Bool) {
        if isNews {
            faults.append(
                "what was written last is not there (\(told - last) events): state.db or state.db-wal was lost or replaced"
            )
        }
        for (session, _, _) in numbers.sessions
        where move(session, to: index.span(of: session).head + (told - last)) { behind.insert(session) }
        meta.position = max(meta.position, told)
    }

    /// Feeds tell of what is missing, too.
    private mutating func noteGone() {
        if isTorn {
            for (session, position) in firsts where position > 0 {
                index.setGone(position, of: session)
                moved.insert(session)
            }
        }
        for session in behind { index.setGone(meta.position, of: session) }
        meta.reserved = max(meta.reserved, meta.position)
    }
}
