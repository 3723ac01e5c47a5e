import CSQLite
import Glibc
import Storage

/// What SQLite said to a call that failed.
struct SQLiteError: Error, Equatable, Sendable {
    /// The extended result code.
    let code: Int32
    /// The library's words; they name no values.
    let message: String
    /// What the system said to it; 0 where it was not asked.
    var systemCode: Int32 = 0

    /// The files that are open are not those any more that have their names.
    ///
    /// The library has the code, and looks for it with a journal of another kind alone.
    static let moved = SQLiteError(code: SQLITE_READONLY | 4 << 8, message: "the files were moved")

    private var kind: Int32 { code & 0xFF }

    /// There is no room on the disk or in the quota, or no page may be added to the file.
    var isFull: Bool {
        kind == SQLITE_FULL
            || (kind == SQLITE_IOERR || kind == SQLITE_CANTOPEN) && [ENOSPC, EDQUOT, EFBIG].contains(systemCode)
    }

    /// What is read is not what was written.
    var isDamage: Bool { kind == SQLITE_CORRUPT || kind == SQLITE_NOTADB || kind == SQLITE_FORMAT }

    /// Why nothing can be written now.
    var reason: String {
        switch kind {
        case _ where isFull: "no space is left"
        case _ where code == SQLiteError.moved.code: "its files were moved, removed or replaced while it is used"
        case SQLITE_READONLY: "the file can't be written to"
        case SQLITE_IOERR: "the disk fails (SQLite's code \(code))"
        case SQLITE_BUSY, SQLITE_LOCKED: "another program holds the file"
        case SQLITE_PERM, SQLITE_AUTH, SQLITE_CANTOPEN: "the file can't be opened"
        case SQLITE_NOMEM: "there is no memory"
        default: isDamage ? "the file is damaged" : "SQLite says \(message) (\(code))"
        }
    }

    /// What whoever reads a file is told.
    func asReadError(of path: String) -> StoreError {
        isDamage ? .damaged("\(path): \(reason)") : .unavailable("\(path): \(reason)")
    }
}
