import Storage

/// Whose the numbers are in the journal that `journal_session` has lost, as the sums of their events say.
struct JournalNames {
    /// The sessions by what their IDs add to sums; nil where two add the same.
    private var known: [UInt32: SessionID?] = [:]
    /// What the first events of each number say, and how many of them.
    private var marks: [Int64: [UInt32: Int]] = [:]

    /// Events of a number that are looked at: one of them may be damaged itself.
    private static let mostEvents = 8

    /// Reads the sessions' records, and the first events of each number that nobody knows.
    init(_ connection: SQLiteConnection, without numbers: Set<Int64>) throws(SQLiteError) {
        do throws(SQLiteError) {
            try connection.rows(SQL.sessionIDs) { row in
                let id = SessionID(row.text(0))
                known[RowSum.mark(id)] = known[RowSum.mark(id)] == nil ? .some(id) : .some(nil)
            }
        } catch {
            guard error.isDamage else { throw error }
        }
        func look(_ row: JournalRow) throws(SQLiteError) {
            let (number, sum) = (row.session, row.sum)
            guard !numbers.contains(number), (marks[number]?.values.reduce(0, +) ?? 0) < Self.mostEvents,
                row.isPlace
            else { return }
            do throws(SQLiteError) {
                try connection.rows(SQL.event, [StoredValue(row.position)]) { row in
                    let mark = RowSum.mark(of: sum, EncodedEvent(type: row.text(3), json: row.bytes(4)))
                    marks[number, default: [:]][mark, default: 0] += 1
                }
            } catch {
                guard error.isDamage else { throw error }
            }
        }
        let pass = try JournalPass(connection, look)
        guard pass.isDisordered else { return }
        marks = [:]
        for row in try JournalPass.sorted(connection) { try look(row) }
    }

    /// The sessions that there are.
    var sessions: [SessionID] { known.values.compactMap(\.self) }

    /// The numbers that were found, each with its session, and with what that one's ID has added where no record has it.
    var found: [(number: Int64, id: SessionID, mark: UInt32?)] {
        marks.map { number, marks in
            if let id = marks.keys.lazy.compactMap({ known[$0] ?? nil }).first { return (number, id, nil) }
            // For as long as its events are kept: nobody can read them, and `export` prints them.
            return (number, SessionID("lost-\(number)"), marks.max { $0.value < $1.value }?.key)
        }
    }
}
