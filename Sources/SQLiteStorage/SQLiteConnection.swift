import CSQLite
import Storage

/// A connection with a database file; whoever has it uses it from one thread at a time.
///
/// Safe although it stores a pointer: only this type and its statements see it, and it is valid from `init` to `deinit`, which
/// the statements don't outlive because they hold the connection. It is `@unchecked Sendable` so that it can be opened
/// where errors can be thrown, and then be given to the thread that uses it from then on.
@safe final class SQLiteConnection: @unchecked Sendable {
    private let database: OpaquePointer
    /// Compiled once for each text.
    private var statements: [String: SQLiteStatement] = [:]

    /// Milliseconds for which a call waits while another connection holds the file.
    private static let patience: Int32 = 2_000

    /// What may be done with the file.
    enum Access {
        /// All, as far as it is there.
        case writing
        /// Where nothing can be written; what others write is seen.
        case reading
        /// Nobody writes to it, and there is no WAL: no lock is taken, and no file is looked for.
        case still

        fileprivate var flags: Int32 {
            self == .writing ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
        }

        /// The file as the library is to be told of it (https://www.sqlite.org/uri.html).
        fileprivate func name(of path: String) -> String {
            guard self != .writing else { return path }
            var name = "file:"
            for scalar in path.unicodeScalars {
                switch scalar {
                case "%": name += "%25"
                case "?": name += "%3F"
                case "#": name += "%23"
                default: name.unicodeScalars.append(scalar)
                }
            }
            return name + (self == .still ? "?immutable=1" : "?readonly_shm=1")
        }
    }

    /// - Parameters:
    ///   - isNew: whether the file may be made.
    ///   - vfs: what stands between SQLite and the disk; nil for the system's.
    init(path: String, isNew: Bool, vfs: String?, for access: Access = .writing) throws(SQLiteError) {
        var opened: OpaquePointer?
        let flags = access.flags | SQLITE_OPEN_NOMUTEX | (isNew ? SQLITE_OPEN_CREATE : 0)
        // Reads the texts and keeps nothing; what it opens has to be closed even when it fails.
        let code = unsafe sqlite3_open_v2(access.name(of: path), &opened, flags, vfs)
        guard let opened = unsafe opened else { throw SQLiteError(code: code, message: "no memory") }
        unsafe database = opened
        // From here on `deinit` closes it, whatever is thrown.
        guard code == SQLITE_OK else { throw unsafe Self.error(opened) }
        unsafe sqlite3_extended_result_codes(opened, 1)
        unsafe sqlite3_busy_timeout(opened, Self.patience)
        _ = unsafe msnp_gateway_distrust(opened)
        // What is there after a crash stays until this process writes something itself.
        _ = unsafe msnp_gateway_keep_wal(opened, 1)
        // Or what doesn't fit into memory at once would stand in a file outside of the directory for a moment.
        try execute("PRAGMA temp_store = MEMORY")
    }

    /// Has the files that belong to the WAL go with the last connection that closes, as they came with this one.
    func leaveNoLog() { _ = unsafe msnp_gateway_keep_wal(database, 0) }

    /// Carries out statements without values and results.
    func execute(_ sql: String) throws(SQLiteError) {
        // Reads the text and keeps nothing.
        guard unsafe sqlite3_exec(database, sql, nil, nil, nil) == SQLITE_OK else { throw unsafe Self.error(database) }
    }

    /// The statement of a text, ready for its values.
    func statement(_ sql: String) throws(SQLiteError) -> SQLiteStatement {
        if let known = statements[sql] { return known }
        var made: OpaquePointer?
        // Reads the text and keeps nothing; the statement is its owner's to finalize.
        let code = unsafe sqlite3_prepare_v3(
            database, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &made, nil)
        guard code == SQLITE_OK, let made = unsafe made else { throw unsafe Self.error(database) }
        let statement = unsafe SQLiteStatement(made, of: database)
        statements[sql] = statement
        return statement
    }

    /// Carries out a statement that gives no rows.
    func run(_ sql: String, _ values: [StoredValue] = []) throws(SQLiteError) {
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values)
        _ = try statement.step()
    }

    /// Calls back with each row of a statement.
    func rows(
        _ sql: String, _ values: [StoredValue] = [], _ each: (SQLiteStatement) throws(SQLiteError) -> Void
    ) throws(SQLiteError) {
        let statement = try statement(sql)
        defer { statement.reset() }
        try statement.bind(values)
        while try statement.step() { try each(statement) }
    }

    /// The number in the first row and column; nil where there is none.
    func number(_ sql: String, _ values: [StoredValue] = []) throws(SQLiteError) -> Int64? {
        var number: Int64?
        try rows(sql, values) { row in number = number ?? row.integer(0) }
        return number
    }

    /// Carries out a body in one transaction; what it throws undoes all of it.
    func transaction(_ body: () throws(SQLiteError) -> Void) throws(SQLiteError) {
        try run("BEGIN IMMEDIATE")
        do throws(SQLiteError) {
            try body()
            try run("COMMIT")
        } catch {
            // Where SQLite has undone it already there is nothing to undo.
            try? run("ROLLBACK")
            throw error
        }
    }

    /// Moves what is in the WAL into the file and empties it; false where somebody reads what is there, who is not waited for.
    func checkpoint() throws(SQLiteError) -> Bool {
        unsafe sqlite3_busy_timeout(database, 0)
        defer { unsafe sqlite3_busy_timeout(database, Self.patience) }
        return try number("PRAGMA wal_checkpoint(TRUNCATE)") == 0
    }

    fileprivate static func error(_ database: OpaquePointer) -> SQLiteError {
        // The text is the library's own, and is copied before the next call.
        let message = unsafe sqlite3_errmsg(database).map { unsafe String(cString: $0) } ?? ""
        return SQLiteError(
            code: unsafe sqlite3_extended_errcode(database), message: message,
            systemCode: unsafe sqlite3_system_errno(database))
    }

    deinit {
        for statement in statements.values { statement.finalize() }
        unsafe sqlite3_close_v2(database)
    }
}

/// A compiled statement of one connection.
///
/// Safe although it stores pointers: only this type sees them, and its connection, which alone has it, finalizes it before it
/// closes.
@safe final class SQLiteStatement {
    private let statement: OpaquePointer
    private let database: OpaquePointer

    fileprivate init(_ statement: OpaquePointer, of database: OpaquePointer) {
        unsafe self.statement = statement
        unsafe self.database = database
    }

    fileprivate func finalize() { unsafe sqlite3_finalize(statement) }

    // MARK: - Values

    /// Gives all values, from the first on.
    func bind(_ values: [StoredValue]) throws(SQLiteError) {
        for (index, value) in values.enumerated() {
            let place = Int32(index + 1)
            switch value {
            case .null: try check(unsafe sqlite3_bind_null(statement, place))
            case .integer(let number): try bind(place, number)
            case .text(let text): try bind(place, text)
            case .bytes(let bytes): try bind(place, bytes)
            }
        }
    }

    func bind(_ place: Int32, _ number: Int64) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_int64(statement, place, number))
    }

    func bind(_ place: Int32, _ text: String) throws(SQLiteError) {
        // Copies as many bytes as it is told; without any it is given a text all the same, as no pointer would be NULL.
        let code = unsafe text.withCString { characters in
            unsafe msnp_gateway_bind_text(statement, place, characters, UInt64(text.utf8.count))
        }
        try check(code)
    }

    func bind(_ place: Int32, _ bytes: [UInt8]) throws(SQLiteError) {
        guard !bytes.isEmpty else { return try check(unsafe sqlite3_bind_zeroblob(statement, place, 0)) }
        // Copies as many bytes as it is told.
        try check(
            unsafe bytes.withUnsafeBytes { bytes in
                unsafe msnp_gateway_bind_bytes(statement, place, bytes.baseAddress, UInt64(bytes.count))
            })
    }

    // MARK: - Rows

    /// Goes on to the next row; false when there is none.
    func step() throws(SQLiteError) -> Bool {
        switch unsafe sqlite3_step(statement) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw unsafe SQLiteConnection.error(database)
        }
    }

    /// Makes it ready for other values, and lets go of what it read.
    func reset() {
        // What it returns is the error of the last step, which was thrown.
        unsafe sqlite3_reset(statement)
        unsafe sqlite3_clear_bindings(statement)
    }

    /// The number in a column; 0 for what is none.
    func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(statement, column) }

    /// A copy of the text in a column; empty for what is none, and with U+FFFD for what is not UTF-8.
    func text(_ column: Int32) -> String { String(decoding: bytes(column), as: UTF8.self) }

    /// A copy of the bytes in a column.
    func bytes(_ column: Int32) -> [UInt8] {
        // Valid until the next step; the count is asked for after the pointer, as the library wants it.
        guard let start = unsafe sqlite3_column_blob(statement, column) else { return [] }
        let count = Int(unsafe sqlite3_column_bytes(statement, column))
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    /// The values of the first columns; nil where one is of no kind that this program writes.
    func values(_ count: Int) -> [StoredValue]? {
        var values: [StoredValue] = []
        for column in 0..<Int32(count) {
            switch unsafe sqlite3_column_type(statement, column) {
            case SQLITE_NULL: values.append(.null)
            case SQLITE_INTEGER: values.append(.integer(integer(column)))
            case SQLITE_TEXT: values.append(.text(text(column)))
            case SQLITE_BLOB: values.append(.bytes(bytes(column)))
            default: return nil
            }
        }
        return values
    }

    private func check(_ code: Int32) throws(SQLiteError) {
        if code != SQLITE_OK { throw unsafe SQLiteConnection.error(database) }
    }
}
