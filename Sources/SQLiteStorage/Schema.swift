import Storage

/// The tables of a state file, and how an older file gets them.
///
/// A released version never changes: whoever changes a table adds a version and the step to it, and a test opens a file of
/// each version that ever was.
struct Schema: Sendable {
    /// The version that this program writes.
    let version: Int64
    /// What makes version n + 1 of version n.
    let steps: [Int64: [String]]

    /// `MSNG`: what says that a file is one of ours.
    static let applicationID: Int64 = 0x4D53_4E47

    static let current = Schema(version: 1, steps: [:])

    /// Bytes of a page of a new file; one that is there keeps its own.
    ///
    /// Each commit writes whole pages. With SQLite's 4,096 an event of 250 bytes took 1.6 KB at 10,000 a second and one that comes
    /// alone twice what it takes with these, for the same processor time.
    static let pageSize: Int64 = 2_048

    /// Makes all tables of version 1, which is the first, and goes on to this one.
    func make(in connection: SQLiteConnection) throws(SQLiteError) {
        // Before all else, as it is fixed with the first page.
        try connection.execute("PRAGMA page_size = \(Self.pageSize); PRAGMA application_id = \(Self.applicationID)")
        try connection.transaction { () throws(SQLiteError) in
            for statement in Self.first { try connection.execute(statement) }
            try JournalMeta().note(JournalNumbers(), in: connection)
            try connection.execute("PRAGMA user_version = 1")
        }
        try migrate(connection, from: 1)
    }

    /// Brings a file to this version, one version in a transaction: a crash leaves the one before or the one after.
    func migrate(_ connection: SQLiteConnection, from old: Int64) throws(SQLiteError) {
        for version in old..<max(old, version) {
            try connection.transaction { () throws(SQLiteError) in
                for statement in steps[version] ?? [] { try connection.execute(statement) }
                try connection.execute("PRAGMA user_version = \(version + 1)")
            }
        }
    }

    /// The version of a file, as the WAL has it; throws for one that is newer than this, or is not ours.
    func version(of connection: SQLiteConnection) throws(SQLiteError) -> Int64 {
        guard try connection.number("PRAGMA application_id") == Self.applicationID else {
            throw SQLiteError(code: 0, message: "it was not made by msnp-gateway")
        }
        let version = try connection.number("PRAGMA user_version") ?? 0
        guard version <= self.version else {
            throw SQLiteError(code: 0, message: "it \(Self.newer(version, than: self.version))")
        }
        guard version > 0 else { throw SQLiteError(code: 0, message: "it is damaged: it has no version") }
        return version
    }

    /// The end of a sentence about a file that a newer program has written.
    static func newer(_ version: Int64, than known: Int64) -> String {
        "was written by a newer msnp-gateway (version \(version) of its tables, and this program knows \(known)); "
            + "run that one, or restore a backup"
    }

    /// Asks for each column of each table; throws where one is missing, or what says so is damaged.
    func check(_ connection: SQLiteConnection) throws(SQLiteError) {
        for kind in RecordTable.all { _ = try connection.statement(SQL.select(kind.table)) }
        for statement in [SQL.scan, SQL.event, SQL.journals, SQL.meta] { _ = try connection.statement(statement) }
    }

    /// What stands in the schema and was not made here, by kind and name: a trigger, say, that changes what is written.
    static func foreign(in connection: SQLiteConnection) throws(SQLiteError) -> [String] {
        var found: [(kind: String, name: String)] = []
        try connection.rows(SQL.schema) { row in found.append((row.text(0), row.text(1))) }
        let own = RecordTable.all.map { $0.table.name } + ["meta", "journal", "journal_session"]
        return found.filter { kind, name in
            // What SQLite makes by itself has such a name, and nothing else may have one.
            if name.utf8.starts(with: "sqlite_".utf8) { return false }
            return !kind.utf8.elementsEqual("table".utf8) || !own.contains { $0.utf8.elementsEqual(name.utf8) }
        }.map { kind, name in
            let isPlain = name.utf8.count <= 64 && name.utf8.allSatisfy { (0x20...0x7E).contains($0) }
            return "the \(kind) \(isPlain ? name : "of an odd name")"
        }
    }

    /// Version 1.
    ///
    /// `journal` is in order of arrival and has no index on session and number: `JournalIndex` is that, in memory. Its `sum`
    /// is a `RowSum`, that of a record a `RecordSum`. `reserved` is up to where numbers may have been given that no row says any
    /// more. `meta` has one row, which each commit of events writes anew: which rows those two tables have (`RowSet`), so that a
    /// start misses those that are lost.
    static let first = [
        "CREATE TABLE meta (id INTEGER PRIMARY KEY, position INTEGER NOT NULL, reserved INTEGER NOT NULL, "
            + "second INTEGER NOT NULL, number INTEGER NOT NULL, rows INTEGER NOT NULL, row_marks INTEGER NOT NULL, "
            + "journals INTEGER NOT NULL, journal_marks INTEGER NOT NULL, sum INTEGER NOT NULL) STRICT",
        "CREATE TABLE journal (position INTEGER PRIMARY KEY, session INTEGER NOT NULL, seq INTEGER NOT NULL, "
            + "second INTEGER NOT NULL, sum INTEGER NOT NULL, type TEXT NOT NULL, json BLOB NOT NULL) STRICT",
        "CREATE TABLE journal_session (number INTEGER PRIMARY KEY, id TEXT NOT NULL, head INTEGER NOT NULL, "
            + "reserved INTEGER NOT NULL, gone INTEGER NOT NULL, sum INTEGER NOT NULL) STRICT",
        "CREATE TABLE session (id TEXT NOT NULL, owner TEXT, backend TEXT NOT NULL, account TEXT NOT NULL, "
            + "epoch TEXT NOT NULL, created_at INTEGER NOT NULL, opened_from TEXT NOT NULL, state TEXT NOT NULL, "
            + "reason TEXT, ended_at INTEGER, deleted_at INTEGER, wanted_status TEXT NOT NULL, "
            + "display_name TEXT NOT NULL, used_at INTEGER NOT NULL, is_kept INTEGER NOT NULL, key_id TEXT, sealed BLOB, "
            + "sum INTEGER NOT NULL, PRIMARY KEY (id)) STRICT, WITHOUT ROWID",
        "CREATE TABLE contact (session TEXT NOT NULL, account TEXT NOT NULL, spelling TEXT NOT NULL, "
            + "display_name TEXT NOT NULL, lists INTEGER NOT NULL, home TEXT, work TEXT, mobile TEXT, "
            + "mobile_messaging INTEGER, mobile_enabled INTEGER, "
            + "sum INTEGER NOT NULL, PRIMARY KEY (session, account)) STRICT, WITHOUT ROWID",
        "CREATE TABLE settings (session TEXT NOT NULL, privacy TEXT NOT NULL, add_prompt TEXT NOT NULL, "
            + "version INTEGER NOT NULL, home TEXT, work TEXT, mobile TEXT, mobile_messaging INTEGER, "
            + "mobile_enabled INTEGER, dialect INTEGER, spelling TEXT, verified INTEGER, "
            + "sum INTEGER NOT NULL, PRIMARY KEY (session)) STRICT, WITHOUT ROWID",
        "CREATE TABLE conversation (session TEXT NOT NULL, number INTEGER NOT NULL, created_at INTEGER NOT NULL, "
            + "last_message_at INTEGER, is_group INTEGER NOT NULL, "
            + "sum INTEGER NOT NULL, PRIMARY KEY (session, number)) STRICT, WITHOUT ROWID",
        "CREATE TABLE participant (session TEXT NOT NULL, conversation INTEGER NOT NULL, account TEXT NOT NULL, "
            + "spelling TEXT NOT NULL, display_name TEXT NOT NULL, place INTEGER NOT NULL, "
            + "sum INTEGER NOT NULL, PRIMARY KEY (session, conversation, account)) STRICT, WITHOUT ROWID",
        "CREATE TABLE message (session TEXT NOT NULL, number INTEGER NOT NULL, conversation INTEGER, "
            + "text TEXT NOT NULL, format TEXT, client_ref TEXT, sent_at INTEGER NOT NULL, outcome TEXT NOT NULL, "
            + "reason TEXT, partial INTEGER, settled INTEGER, "
            + "sum INTEGER NOT NULL, PRIMARY KEY (session, number)) STRICT, WITHOUT ROWID",
        "CREATE TABLE token (session TEXT NOT NULL, digest BLOB NOT NULL, used INTEGER NOT NULL, "
            + "sum INTEGER NOT NULL, PRIMARY KEY (session, digest)) STRICT, WITHOUT ROWID",
        "CREATE TABLE consumer (session TEXT NOT NULL, name TEXT NOT NULL, seq INTEGER NOT NULL, "
            + "sum INTEGER NOT NULL, PRIMARY KEY (session, name)) STRICT, WITHOUT ROWID",
        "CREATE TABLE numbers (session TEXT NOT NULL, kind TEXT NOT NULL, through INTEGER NOT NULL, "
            + "sum INTEGER NOT NULL, PRIMARY KEY (session, kind)) STRICT, WITHOUT ROWID",
        "CREATE TABLE call (session TEXT NOT NULL, scope BLOB NOT NULL, body BLOB NOT NULL, begun_at INTEGER NOT NULL, "
            + "message INTEGER, answer BLOB, sum INTEGER NOT NULL, PRIMARY KEY (session, scope)) STRICT, WITHOUT ROWID",
        "CREATE TABLE feed (owner TEXT NOT NULL, epoch TEXT NOT NULL, gone INTEGER NOT NULL, "
            + "sum INTEGER NOT NULL, PRIMARY KEY (owner)) STRICT, WITHOUT ROWID",
        "CREATE TABLE feed_consumer (owner TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL, "
            + "sum INTEGER NOT NULL, PRIMARY KEY (owner, name)) STRICT, WITHOUT ROWID",
        "CREATE TABLE webhook (id TEXT NOT NULL, owner TEXT NOT NULL, url TEXT NOT NULL, types TEXT, sessions TEXT, "
            + "created_at INTEGER NOT NULL, disabled TEXT, disabled_at INTEGER, previous_until INTEGER, "
            + "key_id TEXT, sealed BLOB, sum INTEGER NOT NULL, PRIMARY KEY (id)) STRICT, WITHOUT ROWID",
        "CREATE TABLE webhook_delivery (webhook TEXT NOT NULL, position INTEGER NOT NULL, lost INTEGER, "
            + "failures INTEGER NOT NULL, failing_since INTEGER, failing_for INTEGER NOT NULL, last_at INTEGER, last_outcome TEXT, "
            + "last_status INTEGER, last_duration INTEGER, batch TEXT, through INTEGER, events INTEGER, digest BLOB, "
            + "made_at INTEGER, first_at INTEGER, types TEXT, sessions TEXT, sum INTEGER NOT NULL, PRIMARY KEY (webhook)) STRICT, WITHOUT ROWID",
    ]
}

/// The statements that are used.
enum SQL {
    static let insertEvent =
        "INSERT INTO journal (position, session, seq, second, sum, type, json) VALUES (?, ?, ?, ?, ?, ?, ?)"
    static let event = "SELECT seq, second, sum, type, json FROM journal WHERE position = ?"
    static let isEvent = "SELECT 1 FROM journal WHERE position = ?"
    /// All that stands in a row, as `insertEvent` takes it.
    static let row = "SELECT position, session, seq, second, sum, type, json FROM journal WHERE position = ?"
    static let rowColumns = 7
    /// Which of them is the row's sum.
    static let sumColumn = 4
    static let scan =
        "SELECT position, session, seq, second, length(json), sum FROM journal WHERE position > ? ORDER BY position"
    static let next = "SELECT position, length(json) FROM journal WHERE position > ? ORDER BY position LIMIT 1"
    static let deleteEvents = "DELETE FROM journal WHERE position BETWEEN ? AND ?"
    static let journals = "SELECT number, id, head, reserved, gone, sum FROM journal_session"
    static let putJournal =
        "INSERT OR REPLACE INTO journal_session (number, id, head, reserved, gone, sum) VALUES (?, ?, ?, ?, ?, ?)"
    static let deleteJournal = "DELETE FROM journal_session WHERE number = ?"
    static let deleteJournals = "DELETE FROM journal_session"
    static let meta =
        "SELECT position, reserved, second, number, rows, row_marks, journals, journal_marks, sum FROM meta WHERE id = 1"
    static let setMeta =
        "INSERT OR REPLACE INTO meta (id, position, reserved, second, number, rows, row_marks, journals, journal_marks, sum) "
        + "VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    static let sessionIDs = "SELECT id FROM session"
    static let schema = "SELECT type, name FROM sqlite_schema"

    /// The columns of a table, and behind them the sum of the row.
    static func select(_ table: RecordTable) -> String { "SELECT \(names(table)), sum FROM \(table.name)" }

    /// A page of a table in the order of its keys; behind the keys that are given unless it is the first.
    static func page(_ table: RecordTable, isFirst: Bool, limit: Int) -> String {
        let keys = table.columns.prefix(table.keys).map(\.name)
        let (names, places) = (keys.joined(separator: ", "), keys.map { _ in "?" }.joined(separator: ", "))
        let start = isFirst ? "" : " WHERE (\(names)) > (\(places))"
        return "\(select(table))\(start) ORDER BY \(names) LIMIT \(limit)"
    }

    static func selectOfSession(_ table: RecordTable) -> String {
        "\(select(table)) WHERE \(table.columns[0].name) = ?"
    }

    /// What changes the records of a table; made once, as it is looked up for each change.
    struct Changes: Sendable {
        /// With the sum behind the values.
        let put: String
        let remove: String
        let removeOfSession: String

        fileprivate init(_ table: RecordTable) {
            let places = table.columns.map { _ in "?, " }.joined()
            let keys = table.columns.prefix(table.keys).map { "\($0.name) = ?" }.joined(separator: " AND ")
            put = "INSERT OR REPLACE INTO \(table.name) (\(names(table)), sum) VALUES (\(places)?)"
            remove = "DELETE FROM \(table.name) WHERE \(keys)"
            removeOfSession = "DELETE FROM \(table.name) WHERE \(table.columns[0].name) = ?"
        }
    }

    /// By the table's name.
    static let changes = Dictionary(
        uniqueKeysWithValues: RecordTable.all.map { ($0.table.name, Changes($0.table)) })

    private static func names(_ table: RecordTable) -> String { table.columns.map(\.name).joined(separator: ", ") }
}
