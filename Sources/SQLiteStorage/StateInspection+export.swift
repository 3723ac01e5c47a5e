import CSQLite
package import Storage

extension StateInspection {
    /// Rows that are read at once: whoever takes them may pause, and nothing is held up by that.
    ///
    /// An answer under a key may have half a megabyte.
    static let page = 64

    /// Hands out all records and then all events, until the body says that nobody wants more.
    ///
    /// Whatever is there from the beginning to the end comes once, as it is at some moment in between; of what comes or goes
    /// meanwhile it is left open whether it is there. Of the events none comes that was written after the beginning. Between two pages
    /// nothing is held, so that the WAL of a gateway that runs can be emptied. Returns how many can't be read; throws `StoreError`
    /// where nothing more can.
    @discardableResult
    package func export(_ body: (Row) -> Bool) throws(StoreError) -> Int {
        var missed = 0
        do throws(SQLiteError) {
            let journals = journals()
            for kind in RecordTable.all {
                guard try export(kind.table, &missed, body) else { return missed }
            }
            // Where it can't be read there are the records at least.
            let index = try journals.get()
            missed += index.damaged
            for place in index.places() {
                guard try export(place, &missed, body) else { return missed }
            }
        } catch {
            throw error.asReadError(of: files.database)
        }
        try checkStillness()
        return missed
    }

    /// Where all events are, as of one moment.
    private func journals() -> Result<JournalIndex, SQLiteError> {
        do throws(SQLiteError) {
            try connection.run("BEGIN")
            defer { try? connection.run("COMMIT") }
            return .success(try JournalScan(connection).index)
        } catch {
            return .failure(error)
        }
    }

    /// Hands out the records of a table; whether more is wanted.
    private func export(
        _ table: RecordTable, _ missed: inout Int, _ body: (Row) -> Bool
    ) throws(SQLiteError) -> Bool {
        let columns = table.columns
        var last: [StoredValue]?
        while true {
            // With its sum; nil for a row that can't be read.
            var rows: [[StoredValue]?] = []
            try connection.rows(SQL.page(table, isFirst: last == nil, limit: Self.page), last ?? []) { row in
                rows.append(row.values(columns.count + 1))
            }
            let isLast = rows.count < Self.page
            if !isLast {
                // The next page begins behind the last row whose key is known.
                guard let end = rows.lastIndex(where: { $0 != nil }) else { throw .noRecords(in: table) }
                rows.removeSubrange((end + 1)...)
            }
            for row in rows {
                guard let row else {
                    missed += 1
                    continue
                }
                last = Array(row.prefix(table.keys))
                guard row.last == .integer(RecordSum.of(Array(row.dropLast()), in: table)) else {
                    missed += 1
                    continue
                }
                let members = zip(columns.map(\.name), row).filter { $0.0 != "sealed" }
                guard body(Row(table: table.name, members: members.map { ($0.0, $0.1) }, event: nil)) else {
                    return false
                }
            }
            if isLast { return true }
        }
    }

    /// Hands out an event, unless it was let go meanwhile; whether more is wanted.
    private func export(
        _ place: EventPlace, _ missed: inout Int, _ body: (Row) -> Bool
    ) throws(SQLiteError) -> Bool {
        guard let event = try connection.event(at: place) else {
            if try isThere(place) { missed += 1 }
            return true
        }
        let members: [(String, StoredValue)] = [
            ("session", .text(place.session.text)), ("seq", StoredValue(place.seq)),
            ("position", StoredValue(place.position)),
        ]
        return body(Row(table: "event", members: members, event: event.json))
    }

    /// Whether a row is there, read or not.
    private func isThere(_ place: EventPlace) throws(SQLiteError) -> Bool {
        do throws(SQLiteError) {
            return try connection.number(SQL.isEvent, [StoredValue(place.position)]) != nil
        } catch {
            guard error.isDamage else { throw error }
            return true
        }
    }
}

extension SQLiteError {
    fileprivate static func noRecords(in table: RecordTable) -> SQLiteError {
        SQLiteError(code: SQLITE_CORRUPT, message: "\(table.name) holds what no record has")
    }
}
