import Glibc
import Storage

/// The files of a state directory.
package struct StateFiles: Sendable {
    package let directory: String

    package init(directory: String) { self.directory = directory }

    /// The database; SQLite puts `log` and `index` beside it.
    package var database: String { directory + "/state.db" }
    /// What was written last and is not in the database yet.
    var log: String { database + "-wal" }
    /// Where what stands in the log, in memory that all share who have the database open.
    var index: String { database + "-shm" }
    /// A database that is being made, and gets the other name when it is whole.
    var new: String { directory + "/state.db.new" }
    /// Locked by the gateway that uses the directory; a file of its own, as SQLite's locks come and go.
    var lock: String { directory + "/state.lock" }
    var ballast: String { directory + "/state.ballast" }
    /// Says that damage was found by whoever wrote, so that the next start makes another database of what can be read.
    var damage: String { directory + "/state.damaged" }

    /// Whether this process may write to the directory and the database; not so where the file system is mounted for reading.
    var canBeWritten: Bool {
        // Both read the path and keep nothing.
        unsafe access(directory, W_OK) == 0 && (access(database, W_OK) == 0 || errno == ENOENT)
    }

    /// For its owner alone: people's texts stand there.
    static let mode: mode_t = 0o600

    /// Why a call on a file failed.
    static func reason(_ code: Int32) -> String {
        // The text is the library's own.
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }

    /// Makes a file that is its owner's alone from the first byte on; throws `StoreError.refused` where that can't be.
    static func create(_ path: String) throws(StoreError) {
        // Reads the path and keeps nothing.
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw .refused("\(path) can't be made: \(reason(errno))") }
        close(descriptor)
    }

    /// Has a file, and its name, outlive the power; false with an `errno`.
    static func isOnDisk(_ path: String) -> Bool {
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        return [path, directory].allSatisfy { path in
            // Reads the path and keeps nothing.
            let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return false }
            defer { close(descriptor) }
            return fsync(descriptor) == 0
        }
    }

    /// What the next start looks for.
    func markDamaged() { try? Self.create(damage) }

    /// Whether a process before this one has found damage.
    var isMarkedDamaged: Bool {
        // Reads the path and keeps nothing.
        unsafe access(damage, F_OK) == 0
    }

    /// Removes a database with all that belongs to it.
    static func removeDatabase(_ path: String) {
        for suffix in ["", "-journal", "-wal", "-shm"] { remove(path + suffix) }
    }

    static func remove(_ path: String) {
        // Reads the path and keeps nothing.
        unsafe _ = unlink(path)
    }

    /// Gives a file another name, which outlives the power; throws `StoreError.refused`.
    func rename(_ old: String, to new: String) throws(StoreError) {
        // Reads the paths and keeps nothing.
        guard unsafe Glibc.rename(old, new) == 0 else {
            throw .refused("\(new) can't be made: \(Self.reason(errno))")
        }
        guard Self.isOnDisk(new) else { throw .refused("\(new) can't be made: \(Self.reason(errno))") }
    }
}

/// The right to be the only gateway on a state directory, until it is let go.
final class StateLock: Sendable {
    private let path: String
    private let descriptor: Int32
    /// There was no file before.
    private let isNew: Bool

    /// How often the file may be taken away by others before it is locked.
    private static let attempts = 100

    /// Throws `StoreError.refused` where another process has it.
    init(_ files: StateFiles) throws(StoreError) {
        path = files.lock
        for _ in 0..<Self.attempts {
            let (descriptor, isNew) = try Self.open(path)
            do throws(StoreError) {
                try Self.lock(descriptor, files)
            } catch {
                close(descriptor)
                throw error
            }
            // Whoever refused the directory may have taken the file away in between, and then others lock another one.
            if Self.isAt(path, descriptor) {
                (self.descriptor, self.isNew) = (descriptor, isNew)
                return
            }
            close(descriptor)
        }
        throw .refused("another gateway uses \(files.directory)")
    }

    /// Takes the file away if it was made with this: the directory was refused.
    func discard() { if isNew { StateFiles.remove(path) } }

    private static func open(_ path: String) throws(StoreError) -> (Int32, isNew: Bool) {
        for _ in 0..<attempts {
            // Both read the path and keep nothing.
            var descriptor = unsafe Glibc.open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
            if descriptor >= 0 { return (descriptor, false) }
            guard errno == ENOENT else { break }
            descriptor = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, StateFiles.mode)
            if descriptor >= 0 { return (descriptor, true) }
            guard errno == EEXIST else { break }
        }
        throw .refused("\(path) can't be opened: \(StateFiles.reason(errno))")
    }

    private static func lock(_ descriptor: Int32, _ files: StateFiles) throws(StoreError) {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            guard code != EINTR else { continue }
            throw .refused(
                code == EWOULDBLOCK
                    ? "another gateway uses \(files.directory)"
                    : "\(files.lock) can't be locked: \(StateFiles.reason(code))")
        }
    }

    /// Whether the path still names that file.
    private static func isAt(_ path: String, _ descriptor: Int32) -> Bool {
        var (mine, named) = (stat(), stat())
        // Both fill the structure, and keep nothing.
        return unsafe fstat(descriptor, &mine) == 0 && lstat(path, &named) == 0 && mine.st_dev == named.st_dev
            && mine.st_ino == named.st_ino
    }

    // Closing it opens the lock, as the end of the process would.
    deinit { close(descriptor) }
}

/// A file of zeros that is given up when the disk is full: deleting and putting in order want room, too.
struct Ballast {
    private let path: String
    private let bytes: Int
    private var isThere = false

    init(_ files: StateFiles, bytes: Int) {
        path = files.ballast
        self.bytes = bytes
    }

    /// Makes it, where it is missing and there is room for it and as much again.
    mutating func keep() {
        guard bytes > 0, !isThere else { return }
        // All calls read the path, or use the descriptor, and keep nothing.
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, StateFiles.mode)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var information = stat()
        // One that another process left is as good, whatever room there is.
        if unsafe fstat(descriptor, &information) == 0, Int(information.st_blocks) * 512 >= bytes {
            isThere = true
            return
        }
        var room = statvfs()
        guard unsafe fstatvfs(descriptor, &room) == 0, Int(room.f_bavail) * Int(room.f_frsize) >= 2 * bytes,
            posix_fallocate(descriptor, 0, bytes) == 0
        else {
            // Half a ballast would be in the way of what it is for.
            give()
            return
        }
        isThere = true
    }

    /// Gives it up; whether there was one.
    @discardableResult
    mutating func give() -> Bool {
        isThere = false
        // Reads the path and keeps nothing.
        return unsafe unlink(path) == 0
    }
}
