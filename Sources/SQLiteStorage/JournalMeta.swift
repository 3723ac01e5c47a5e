import Storage

/// What `meta` says of the journal as a whole.
struct JournalMeta: Equatable {
    /// Of the event that was written last.
    var position: UInt64 = 0
    /// Up to where positions may have been given that no row says any more.
    var reserved: UInt64 = 0
    /// Of the clock, when the file was last used.
    var second: UInt32 = 0
    /// The highest number that a session was given in the journal.
    var number: Int64 = 0
    /// The rows of the journal, by their positions.
    var rows = RowSet()
    /// The rows of `journal_session`, as `JournalNumbers` has them.
    var journals = RowSet()

    /// Positions that are reserved at once.
    static let block: UInt64 = 65_536

    init() {}

    /// What stands in the file; nil where that is not what was written.
    init?(in connection: SQLiteConnection) throws(SQLiteError) {
        var numbers: [UInt64] = []
        do throws(SQLiteError) {
            try connection.rows(SQL.meta) { row in numbers = (0..<9).map { UInt64(bitPattern: row.integer($0)) } }
        } catch {
            guard error.isDamage else { throw error }
            return nil
        }
        guard numbers.count == 9 else { return nil }
        position = numbers[0]
        reserved = numbers[1]
        second = UInt32(truncatingIfNeeded: numbers[2])
        number = Int64(bitPattern: numbers[3])
        rows = RowSet(count: numbers[4], marks: numbers[5])
        journals = RowSet(count: numbers[6], marks: numbers[7])
        guard Array(numbers.prefix(8)) == self.numbers, numbers[8] == sum else { return nil }
    }

    /// The next position, whose row is one more.
    mutating func next() -> UInt64 {
        position += 1
        if position > reserved { reserved = position + Self.block }
        rows.insert(position)
        return position
    }

    /// Writes all of it down, with what there is of sessions.
    func note(_ names: JournalNumbers, in connection: SQLiteConnection) throws(SQLiteError) {
        var written = self
        (written.number, written.journals) = (names.last, names.rows)
        let statement = try connection.statement(SQL.setMeta)
        defer { statement.reset() }
        var column: Int32 = 0
        for value in written.numbers + [written.sum] {
            column += 1
            try statement.bind(column, Int64(bitPattern: value))
        }
        _ = try statement.step()
    }

    /// In the order of the columns.
    private var numbers: [UInt64] {
        [
            position, reserved, UInt64(second), UInt64(bitPattern: number), rows.count, rows.marks, journals.count,
            journals.marks,
        ]
    }

    private var sum: UInt64 { UInt64(numbers.reduce(UInt32(0)) { Checksum.of($1, behind: $0) }) }
}
