import Storage

/// The numbers under which sessions stand in the journal; none is given twice.
struct JournalNumbers {
    /// What `journal_session` says of a session.
    private struct Known {
        let number: Int64
        /// Where its numbers go on behind, whatever rows there are.
        var head: UInt64
        var reserved: UInt64
        /// Where the last event stood that was let go.
        var gone: UInt64
    }

    private var all: [SessionID: Known] = [:]
    /// The highest that was given.
    private(set) var last: Int64 = 0

    /// Numbers of events that are reserved at once: so many fewer writes, and at most so many are lost where rows are.
    private static let block: UInt64 = 256

    /// The sessions, with their numbers in the journal and where their events' numbers may be by now.
    var sessions: [(id: SessionID, number: Int64, reserved: UInt64)] {
        all.map { ($0.key, $0.value.number, $0.value.reserved) }
    }

    /// Takes in what is there.
    mutating func know(_ session: SessionID, _ number: Int64, head: UInt64, reserved: UInt64, gone: UInt64) {
        all[session] = Known(number: number, head: head, reserved: reserved, gone: gone)
        last = max(last, number)
    }

    /// None up to there is free.
    mutating func reserve(_ number: Int64) { last = max(last, number) }

    /// The number of a session, which it gets with its first event; that event's number is reserved.
    mutating func number(
        of session: SessionID, for seq: UInt64, in connection: SQLiteConnection
    ) throws(SQLiteError) -> Int64 {
        if let known = all[session] {
            guard known.reserved < seq else { return known.number }
            let reserved = seq + Self.block
            try connection.run(SQL.setReserved, [StoredValue(reserved), .integer(known.number)])
            all[session]?.reserved = reserved
            return known.number
        }
        last += 1
        let known = Known(number: last, head: 0, reserved: seq + Self.block, gone: 0)
        try insert(session, known, in: connection)
        try connection.run(SQL.setMeta, [.text("number"), .integer(last)])
        all[session] = known
        return last
    }

    mutating func remove(_ session: SessionID, in connection: SQLiteConnection) throws(SQLiteError) {
        guard let number = all.removeValue(forKey: session)?.number else { return }
        try connection.run(SQL.deleteJournal, [.integer(number)])
    }

    /// Writes down where a session's numbers go on, unless that stands there already.
    mutating func noteHead(
        _ head: UInt64, of session: SessionID, in connection: SQLiteConnection
    ) throws(SQLiteError) {
        guard let known = all[session], known.head != head else { return }
        try connection.run(SQL.setHead, [StoredValue(head), .integer(known.number)])
        all[session]?.head = head
    }

    /// Writes down where the last event stood that a session has let go, unless that stands there already.
    mutating func noteGone(
        _ position: UInt64, of session: SessionID, in connection: SQLiteConnection
    ) throws(SQLiteError) {
        guard let known = all[session], known.gone < position else { return }
        try connection.run(SQL.setGone, [StoredValue(position), .integer(known.number)])
        all[session]?.gone = position
    }

    /// Writes all of it into another database, with where the numbers go on by now.
    func copy(_ index: JournalIndex, to connection: SQLiteConnection) throws(SQLiteError) {
        for (session, known) in all {
            var known = known
            known.head = max(known.head, index.span(of: session).head)
            try insert(session, known, in: connection)
        }
    }

    private func insert(
        _ session: SessionID, _ known: Known, in connection: SQLiteConnection
    ) throws(SQLiteError) {
        try connection.run(
            SQL.insertJournal,
            [
                .integer(known.number), .text(session.text), StoredValue(known.head), StoredValue(known.reserved),
                StoredValue(known.gone),
            ])
    }
}

/// The numbers in the store of events, and other counts that `meta` has.
struct JournalMeta {
    /// Of the event that was written last.
    var position: UInt64 = 0
    /// Up to where positions may have been given that no row says any more.
    var reserved: UInt64 = 0
    /// Of the clock, when the file was last used.
    var second: UInt32 = 0

    /// Positions that are reserved at once.
    private static let block: UInt64 = 65_536

    /// The next position; what is reserved is in the same transaction as the first that needs it.
    mutating func next(in connection: SQLiteConnection) throws(SQLiteError) -> UInt64 {
        position += 1
        if position > reserved {
            reserved = position + Self.block
            try connection.run(SQL.setMeta, [.text("reserved"), .integer(Int64(reserved))])
        }
        return position
    }

    /// Writes all of it down.
    func note(_ numbers: JournalNumbers, in connection: SQLiteConnection) throws(SQLiteError) {
        for (name, value) in [
            ("position", Int64(position)), ("second", Int64(second)), ("number", numbers.last),
            ("reserved", Int64(reserved)),
        ] {
            try connection.run(SQL.setMeta, [.text(name), .integer(value)])
        }
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
