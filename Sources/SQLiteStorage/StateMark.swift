import Glibc
import Storage

/// How far a directory's processes have come, noted beside the database with each commit.
///
/// A WAL that is lost or cut, and a database that another one has replaced, are as whole as any: SQLite sees less, and no damage.
/// It is in `state.lock`, as that stays where it is whatever becomes of the database.
final class StateMark: Sendable {
    private let descriptor: Int32

    /// It may be that nothing can be noted; then there is just less to compare with.
    init(_ files: StateFiles) {
        // Both read the path and keep nothing.
        let both = unsafe open(files.lock, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        descriptor = unsafe both >= 0 ? both : open(files.lock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    }

    /// The position of the last event that was told as written; 0 where nobody knows.
    var position: UInt64 {
        var numbers: [UInt64] = [0, 0]
        // Writes no more than it is given room for and keeps nothing.
        let count = unsafe numbers.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
        guard count == 16, numbers[1] == RowSet.mark(numbers[0]) else { return 0 }
        return numbers[0]
    }

    /// Notes it, for as long as the kernel lives: no end of the process loses it.
    func note(_ position: UInt64) {
        let numbers = [position, RowSet.mark(position)]
        // Reads as much as it is told and keeps nothing.
        unsafe numbers.withUnsafeBytes { unsafe _ = pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    /// There is another database from now on, which was made here.
    func clear() {
        if position > 0 { ftruncate(descriptor, 0) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }
}

/// Whether the files that are open are still those that have their names.
struct StatePlace {
    private struct Identity: Equatable {
        let device: UInt
        let node: UInt

        /// Nil where there is no such file.
        init?(_ path: String) {
            var information = stat()
            // Reads the path and fills the structure.
            guard unsafe stat(path, &information) == 0 else { return nil }
            (device, node) = (UInt(information.st_dev), UInt(information.st_ino))
        }
    }

    private let files: StateFiles
    private let database: Identity?
    private let log: Identity?

    /// Of files that were opened just now, under the directory's lock.
    init(_ files: StateFiles) {
        self.files = files
        (database, log) = (Identity(files.database), Identity(files.database + "-wal"))
    }

    func isSame() -> Bool {
        Identity(files.database) == database && (log == nil || Identity(files.database + "-wal") == log)
    }
}
