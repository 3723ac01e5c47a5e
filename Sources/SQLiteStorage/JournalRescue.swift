import CSQLite
import Storage

/// Makes another database of what can be read of one whose pages are damaged.
///
/// Nothing can be written behind a damaged page, and nobody knows what else stands on pages that are not read at a start. Records
/// have to be whole; of the events those are missing that are damaged, and no number of theirs is given again.
struct JournalRescue {
    private let files: StateFiles
    private let schema: Schema
    private let options: SQLiteOptions

    init(_ files: StateFiles, _ schema: Schema, _ options: SQLiteOptions) {
        self.files = files
        self.schema = schema
        self.options = options
    }

    /// Copies everything into a new file; false where that can't be done, and then all stays as it is.
    func makeCopy(of database: OpenedState.Database) -> Bool {
        StateFiles.removeDatabase(files.new)
        do {
            // Whoever takes up the records will refuse the directory, and then it is to be what it was.
            for kind in RecordTable.all {
                guard try database.writing.faults(of: kind).isEmpty else { return false }
            }
            // What is in the WAL belongs to the old file, and is not to be found beside the new one.
            guard try database.writing.checkpoint() else { return false }
            try StateFiles.create(files.new)
            try copy(database)
            return true
        } catch {
            StateFiles.removeDatabase(files.new)
            return false
        }
    }

    /// Puts the new file into the place of the old one, which nobody has open any more; throws `SQLiteError`.
    static func replace(_ files: StateFiles) throws(SQLiteError) {
        for suffix in ["-wal", "-shm"] { StateFiles.remove(files.database + suffix) }
        do {
            try files.rename(files.new, to: files.database)
        } catch {
            throw SQLiteError(code: 0, message: "\(error)")
        }
        StateFiles.remove(files.damage)
    }

    private func copy(_ database: OpenedState.Database) throws(SQLiteError) {
        let (old, scan) = (database.writing, database.scan)
        let new = try SQLiteConnection(path: files.new, isNew: false, vfs: options.vfs)
        try new.execute("PRAGMA secure_delete = ON")
        try schema.make(in: new)
        try new.transaction { () throws(SQLiteError) in
            for kind in RecordTable.all { try copy(kind.table, from: old, to: new) }
            var (numbers, meta) = (scan.numbers, scan.meta)
            _ = numbers.settle(numbers.sessions.map(\.id), as: scan.index)
            try numbers.writeAll(in: new)
            meta.rows = RowSet()
            for place in scan.index.places() {
                // Its event may be damaged although its numbers are not; then it is missing in the new file, too.
                guard var row = try old.row(at: place.position) else { continue }
                if let mark = scan.unnamed[place.session], case .integer(let sum) = row[SQL.sumColumn] {
                    row[SQL.sumColumn] = .integer(RowSum.sum(sum, from: mark, to: place.session))
                }
                try new.run(SQL.insertEvent, row)
                meta.rows.insert(place.position)
            }
            try meta.note(numbers, in: new)
        }
    }

    private func copy(
        _ table: RecordTable, from old: SQLiteConnection, to new: SQLiteConnection
    ) throws(SQLiteError) {
        guard let put = SQL.changes[table.name]?.put else { return }
        try old.rows(SQL.select(table)) { row throws(SQLiteError) in
            // With its sum: what is not what was written stays what it is.
            guard let values = row.values(table.columns.count + 1) else {
                throw SQLiteError(code: SQLITE_CORRUPT, message: "a record is none")
            }
            try new.run(put, values)
        }
    }
}

extension SQLiteConnection {
    /// All that stands in a row of the journal; nil where it can't be read.
    fileprivate func row(at position: UInt64) throws(SQLiteError) -> [StoredValue]? {
        var values: [StoredValue]?
        do throws(SQLiteError) {
            try rows(SQL.row, [StoredValue(position)]) { row in values = row.values(SQL.rowColumns) }
        } catch {
            guard error.isDamage else { throw error }
        }
        return values
    }
}
