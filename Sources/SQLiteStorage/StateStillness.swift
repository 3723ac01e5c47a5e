import Glibc

/// What shows that nobody writes to a state directory, so that its database can be read as a file that does not change.
///
/// Compared with a later one it shows that nobody has.
struct StateStillness: Equatable {
    /// A gateway has the lock, or nobody can say.
    private let isLocked: Bool
    /// Bytes that are not in the database yet, or are to be taken out of it again.
    private let log: Int
    private let journal: Int
    /// Which file it is, how long, and when it was changed.
    private let database: [Int]

    init(_ files: StateFiles) {
        isLocked = !Self.isFree(files.lock)
        log = StateLook.size(of: files.log)
        journal = StateLook.size(of: files.database + "-journal")
        var information = stat()
        // Reads the path and fills the structure.
        guard unsafe stat(files.database, &information) == 0 else {
            database = []
            return
        }
        let (changed, inode) = (information.st_mtim, information.st_ino)
        database = [Int(information.st_dev), Int(inode), Int(information.st_size), changed.tv_sec, changed.tv_nsec]
    }

    var isProven: Bool { !isLocked && log == 0 && journal == 0 }

    /// The end of a sentence that says why such a directory can't be read, and what to do.
    var reason: String {
        if isLocked { return "and a gateway uses it: do it where its files can be written to" }
        let why = log + journal > 0 ? "not all of the state is in state.db yet" : "it can't be read"
        return "and \(why): copy the directory to where it can be written to, and do it there"
    }

    /// Whether no gateway has the lock; a file that is not there was never made by one.
    private static func isFree(_ lock: String) -> Bool {
        // Reads the path and keeps nothing.
        let descriptor = unsafe open(lock, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return errno == ENOENT }
        // Closing it lets go of it at once: a gateway may start.
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) == 0
    }
}
