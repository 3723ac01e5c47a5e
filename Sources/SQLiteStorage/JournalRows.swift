import Storage

/// The numbers under which sessions stand in the journal; none is given twice.
struct JournalNumbers {
    private var all: [SessionID: Int64] = [:]
    /// The highest that was given.
    private(set) var last: Int64 = 0
    /// What `journal_session` says of where numbers go on.
    private var heads: [SessionID: UInt64] = [:]
    /// What it says of where the last event stood that was let go.
    private var gone: [SessionID: UInt64] = [:]

    /// Takes in what is there.
    mutating func know(_ session: SessionID, _ number: Int64, head: UInt64, gone position: UInt64) {
        all[session] = number
        heads[session] = head
        gone[session] = position
        last = max(last, number)
    }

    /// None up to there is free.
    mutating func reserve(_ number: Int64) { last = max(last, number) }

    /// The number of a session, which it gets with its first event.
    mutating func number(of session: SessionID, in connection: SQLiteConnection) throws(SQLiteError) -> Int64 {
        if let known = all[session] { return known }
        last += 1
        try connection.run(SQL.insertJournal, [.integer(last), .text(session.text)])
        try connection.run(SQL.setMeta, [.text("number"), .integer(last)])
        all[session] = last
        return last
    }

    mutating func remove(_ session: SessionID, in connection: SQLiteConnection) throws(SQLiteError) {
        guard let number = all.removeValue(forKey: session) else { return }
        heads[session] = nil
        gone[session] = nil
        try connection.run(SQL.deleteJournal, [.integer(number)])
    }

    /// Writes down where a session's numbers go on, unless that stands there already.
    mutating func noteHead(
        _ head: UInt64, of session: SessionID, in connection: SQLiteConnection
    ) throws(SQLiteError) {
        guard let number = all[session], heads[session] != head else { return }
        try connection.run(SQL.setHead, [StoredValue(head), .integer(number)])
        heads[session] = head
    }

    /// Writes down where the last event stood that a session has let go, unless that stands there already.
    mutating func noteGone(
        _ position: UInt64, of session: SessionID, in connection: SQLiteConnection
    ) throws(SQLiteError) {
        guard let number = all[session], gone[session, default: 0] < position else { return }
        try connection.run(SQL.setGone, [StoredValue(position), .integer(number)])
        gone[session] = position
    }
}

/// Says whether a row of the journal is as it was written: SQLite notices a damaged structure, and no flipped bit.
///
/// Above are 31 bits for the place of the event, which each start reads without reading the event; below are 32 for the event.
struct RowSum {
    private let place: Int64

    init(at position: UInt64, _ session: Int64, _ seq: UInt64, _ second: UInt32) {
        var sum = Checksum.of(position)
        for number in [UInt64(bitPattern: session), seq, UInt64(second)] { sum = Checksum.of(number, behind: sum) }
        place = Int64(sum >> 1)
    }

    /// The whole of it.
    func with(_ event: EncodedEvent) -> Int64 { place << 32 | Int64(event.checksum) }

    /// Whether the row's place is as it was written.
    func isPlace(of sum: Int64) -> Bool { sum >> 32 == place }

    /// Whether the row's event is as it was written.
    static func isSum(_ sum: Int64, of event: EncodedEvent) -> Bool {
        UInt32(truncatingIfNeeded: sum) == event.checksum
    }
}

extension EncodedEvent {
    fileprivate var checksum: UInt32 { Checksum.of(json, behind: Checksum.of(type)) }
}

/// Rows of the journal that are to be deleted.
struct DeadRows {
    private var positions: [UInt64]

    /// Rows in one transaction at most: other work waits for it.
    private static let slice = 4_096

    init(_ positions: [UInt64]) { self.positions = positions }

    var count: Int { positions.count }

    mutating func add(_ more: [UInt64]) { positions += more }

    /// The first of them as ranges, and what is left without them.
    func slice() -> (ranges: [ClosedRange<UInt64>], rest: DeadRows) {
        var ranges: [ClosedRange<UInt64>] = []
        for position in positions.prefix(Self.slice).sorted() {
            if let last = ranges.last, last.upperBound + 1 >= position {
                ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, position)
            } else {
                ranges.append(position...position)
            }
        }
        return (ranges, DeadRows(Array(positions.dropFirst(Self.slice))))
    }
}

/// What one pass over the journal finds at the start.
struct JournalScan {
    private(set) var index = JournalIndex()
    private(set) var numbers = JournalNumbers()
    /// The highest that was given to an event.
    private(set) var position: UInt64 = 0
    /// Of the clock, when the file was last used.
    private(set) var second: UInt32 = 0
    /// Rows of sessions that are gone, and those that say what was not written.
    private(set) var dead: [UInt64] = []
    /// Rows that say what was not written; their events are missing.
    private(set) var spoiled = 0

    init(_ connection: SQLiteConnection) throws(SQLiteError) {
        var sessions: [Int64: SessionID] = [:]
        var known: [(SessionID, head: UInt64, gone: UInt64)] = []
        try connection.rows(SQL.journals) { row in
            let id = SessionID(row.text(1))
            let (head, gone) = (UInt64(bitPattern: row.integer(2)), UInt64(bitPattern: row.integer(3)))
            sessions[row.integer(0)] = id
            known.append((id, head, gone))
            numbers.know(id, row.integer(0), head: head, gone: gone)
        }
        try connection.rows(SQL.meta) { row in
            switch row.text(0) {
            case "position": position = max(position, UInt64(clamping: row.integer(1)))
            case "second": second = max(second, UInt32(clamping: row.integer(1)))
            case "number": numbers.reserve(row.integer(1))
            default: break
            }
        }
        try scan(connection, sessions)
        for (session, head, gone) in known {
            index.setHead(head, of: session)
            index.setGone(gone, of: session)
        }
        index.notePosition(position)
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
                guard let next = try Self.firstReadable(after, connection) else { return }
                after = next
            }
        }
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
        position = max(position, place)
        let (seq, second) = (UInt64(bitPattern: row.integer(2)), UInt32(clamping: row.integer(3)))
        guard RowSum(at: place, row.integer(1), seq, second).isPlace(of: row.integer(5)) else {
            // One wrong second would make all others too old, and one wrong number a session's others repeats.
            spoiled += 1
            dead.append(place)
            return
        }
        self.second = max(self.second, second)
        let isKnown =
            sessions[row.integer(1)].map { session in
                index.append(seq, position: place, size: Int(row.integer(4)), second: second, of: session)
            } ?? false
        if !isKnown { dead.append(place) }
    }
}
