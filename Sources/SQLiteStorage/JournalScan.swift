import Storage

/// What one pass over the journal finds at the start.
struct JournalScan {
    private(set) var index = JournalIndex()
    private(set) var numbers = JournalNumbers()
    private(set) var meta = JournalMeta()
    /// Rows of sessions that are gone, and those that say what was not written.
    private(set) var dead: [UInt64] = []
    /// Rows that say what was not written; their events are missing.
    var spoiled: Int { spoiledRows.count }
    /// Whether pages are damaged.
    private(set) var isTorn = false
    /// Sessions whose numbers go on further than their rows say, as some were lost.
    private(set) var moved: [(session: SessionID, head: UInt64)] = []
    private var spoiledRows: [SpoiledRow] = []
    /// The highest position that lay on a damaged page, and how many did in all, at most.
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

    init(_ connection: SQLiteConnection) throws(SQLiteError) {
        var sessions: [Int64: SessionID] = [:]
        var known: [(SessionID, head: UInt64, gone: UInt64)] = []
        try connection.rows(SQL.journals) { row in
            let id = SessionID(row.text(1))
            let (head, reserved) = (UInt64(bitPattern: row.integer(2)), UInt64(bitPattern: row.integer(3)))
            let gone = UInt64(bitPattern: row.integer(4))
            sessions[row.integer(0)] = id
            known.append((id, head, gone))
            numbers.know(id, row.integer(0), head: head, reserved: reserved, gone: gone)
        }
        try connection.rows(SQL.meta) { row in
            switch row.text(0) {
            case "position": meta.position = max(meta.position, UInt64(clamping: row.integer(1)))
            case "reserved": meta.reserved = UInt64(clamping: row.integer(1))
            case "second": meta.second = max(meta.second, UInt32(clamping: row.integer(1)))
            case "number": numbers.reserve(row.integer(1))
            default: break
            }
        }
        try scan(connection, sessions)
        for (session, head, gone) in known {
            index.setHead(head, of: session)
            index.setGone(gone, of: session)
        }
        passLost()
        index.notePosition(meta.position)
    }

    /// Reads all rows; what lies on a damaged page is passed over, and is missed where its numbers are.
    private mutating func scan(
        _ connection: SQLiteConnection, _ sessions: [Int64: SessionID]
    ) throws(SQLiteError) {
        var after = Int64(0)
        while true {
            do throws(SQLiteError) {
                try connection.rows(SQL.scan, [.integer(after)]) { row in
                    after = row.integer(0)
                    take(row, sessions)
                }
                return
            } catch {
                guard error.isDamage else { throw error }
                isTorn = true
                guard let next = try Self.firstReadable(after, connection) else {
                    // Nobody knows how many there were.
                    lost = (.max, .max)
                    return
                }
                lost.highest = UInt64(next)
                lost.count &+= UInt64(next - after)
                after = next
            }
        }
    }

    /// Numbers that lost rows may have had are not given again.
    private mutating func passLost() {
        var (heads, numbers) = ([SessionID: UInt64](), numbers.sessions)
        func move(_ session: SessionID, to head: UInt64) {
            guard head > index.span(of: session).head else { return }
            index.setHead(head, of: session)
            heads[session] = head
        }
        if spoiled > Self.manySpoiled, let last = spoiledRows.last?.position {
            lost = (max(lost.highest, last), lost.count &+ UInt64(spoiled))
            meta.position = max(meta.position, last)
        }
        for row in spoiledRows.prefix(Self.manySpoiled) {
            for (session, number, _) in numbers where index.lastPosition(of: session) < row.position {
                let next = index.span(of: session).head + 1
                if row.was(number, next) { move(session, to: next) }
            }
        }
        if lost.highest > 0 {
            meta.position = max(meta.position, meta.reserved)
            numbers.removeAll { index.lastPosition(of: $0.id) > lost.highest }
            for (session, _, reserved) in numbers {
                let (head, isOver) = index.span(of: session).head.addingReportingOverflow(lost.count)
                move(session, to: isOver ? reserved : min(head, reserved))
            }
        }
        moved = heads.map { ($0.key, $0.value) }
    }

    /// The lowest number behind which rows can be read again; nil where there is none.
    private static func firstReadable(_ after: Int64, _ connection: SQLiteConnection) throws(SQLiteError) -> Int64? {
        func isReadable(_ position: Int64) throws(SQLiteError) -> Bool {
            do throws(SQLiteError) {
                _ = try connection.number(SQL.next, [.integer(position)])
                return true
            } catch {
                guard error.isDamage else { throw error }
                return false
            }
        }
        // Twice as far each time, and then back by halves: pages hold rows that follow each other.
        var (low, step) = (after, Int64(1))
        while try !isReadable(after + step) {
            low = after + step
            guard step < Int64.max / 4 else { return nil }
            step *= 2
        }
        var high = after + step
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if try isReadable(middle) { high = middle } else { low = middle }
        }
        return high
    }

    private mutating func take(_ row: SQLiteStatement, _ sessions: [Int64: SessionID]) {
        let place = UInt64(bitPattern: row.integer(0))
        meta.position = max(meta.position, place)
        let (seq, second) = (UInt64(bitPattern: row.integer(2)), UInt32(clamping: row.integer(3)))
        guard RowSum(at: place, row.integer(1), seq, second).isPlace(of: row.integer(5)) else {
            // One wrong second would make all others too old, and one wrong number a session's others repeats.
            spoiledRows.append(
                SpoiledRow(
                    position: place, session: row.integer(1), seq: seq, second: second, sum: row.integer(5)))
            dead.append(place)
            return
        }
        meta.second = max(meta.second, second)
        let isKnown =
            sessions[row.integer(1)].map { session in
                index.append(seq, position: place, size: Int(row.integer(4)), second: second, of: session)
            } ?? false
        if !isKnown { dead.append(place) }
    }
}
