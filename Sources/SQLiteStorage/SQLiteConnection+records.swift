import Storage

extension SQLiteConnection {
    /// Writes a record, with its sum.
    func put(_ record: some StoredRecord) throws(SQLiteError) {
        let (table, values) = (type(of: record).table, record.values)
        guard let sql = SQL.changes[table.name] else { return }
        try run(sql.put, values + [.integer(RecordSum.of(values, in: table))])
    }

    /// All records of a kind, or those of one session, without the rows that are none.
    func records<Record: StoredRecord>(
        _ kind: Record.Type, of session: SessionID?
    ) throws(SQLiteError) -> RecordRows<Record> {
        let (table, sql) = (kind.table, session == nil ? SQL.select(kind.table) : SQL.selectOfSession(kind.table))
        var found = RecordRows<Record>()
        try rows(sql, session.map { [.text($0.text)] } ?? []) { row in found.take(row, table.columns.count) }
        return found
    }

    /// The rows of a table that are no records.
    func faults<Record: StoredRecord>(of kind: Record.Type) throws(SQLiteError) -> [RecordFault] {
        try records(kind, of: nil).faults
    }
}

extension RecordRows {
    /// Takes in a row of so many columns, behind which its sum stands.
    mutating func take(_ row: SQLiteStatement, _ columns: Int) {
        guard let values = row.values(columns + 1), let sum = values.last else {
            return leaveOut(
                row.values(Record.table.keys) ?? [], "a row of \(Record.table.name) holds what no record has")
        }
        take(Array(values.dropLast()), sum: sum)
    }
}
