package import Gateway
import Glibc

/// `keys.json` in the state directory: the API keys, for as many processes as want to read or change them.
///
/// A change takes a lock, writes another file and puts it in the place of the first, so that a reader finds the keys as
/// they were before or after it and never in between, whatever happens to the process or the power.
package struct KeysFile: Sendable {
    /// The directory in which it lies.
    let directory: String

    /// Who reads it, on which depends whose file it may be.
    private let reader: KeysReader

    /// Bytes at most: five times what `APIKeyList.most` keys take.
    static let limit = 2 << 20

    package init(directory: String, for reader: KeysReader = .gateway) {
        self.directory = directory
        self.reader = reader
    }

    var path: String { directory + "/keys.json" }
    /// A file of its own, because the other one is replaced.
    var lockPath: String { directory + "/keys.lock" }
    /// Only who holds the lock uses it.
    var newPath: String { directory + "/keys.json.new" }

    func error(_ problem: String) -> APIKeySourceError {
        APIKeySourceError("\(SettingsError.quote(path)): \(problem)")
    }
}

extension KeysFile: APIKeySource {
    package func stamp() -> APIKeyStamp {
        var information = Glibc.stat()
        // Reads the path and fills the structure.
        if unsafe stat(path, &information) == 0 { return Self.stamp(information) }
        return errno == ENOENT ? APIKeyStamp() : APIKeyStamp([Int64(errno)])
    }

    package func read() throws(APIKeySourceError) -> APIKeySnapshot? {
        guard let target = FileReader.target(of: path) else {
            if errno == ENOENT { return nil }
            throw error("can't be read: \(SystemError.reason(errno))")
        }
        // A link within the directory is how some systems change several files at once.
        guard let home = FileReader.target(of: directory), target.utf8.starts(with: (home + "/").utf8) else {
            throw error("is a link to another directory")
        }
        // What is no file, a pipe for one, must not hold the gateway up.
        // Reads the path and keeps nothing.
        let descriptor = unsafe open(target, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw error("can't be read: \(SystemError.reason(errno))")
        }
        defer { close(descriptor) }
        // Before its content: a change in between gives another stamp and is read the next time.
        var information = Glibc.stat()
        // Fills the structure.
        guard unsafe fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            throw error("is no file")
        }
        try checkOwner(information.st_uid)
        // Who can change it can let himself in, and its hashes are nobody's business.
        guard information.st_mode & 0o077 == 0 else {
            let mode = String(information.st_mode & 0o777, radix: 8)
            throw error("others may read or change it (mode \(mode)); run chmod 600 on it, once you trust what it says")
        }
        let bytes: [UInt8]
        do throws(FileReader.Failure) {
            bytes = try FileReader.read(descriptor, upTo: Self.limit + 1)
        } catch {
            throw self.error("can't be read: \(SystemError.reason(error.code))")
        }
        guard bytes.count <= Self.limit else { throw error("is too large") }
        do throws(APIKeyListError) {
            return APIKeySnapshot(try APIKeyList(parsing: bytes), Self.stamp(information))
        } catch {
            throw self.error("\(error)")
        }
    }

    private func checkOwner(_ owner: uid_t) throws(APIKeySourceError) {
        var directory = Glibc.stat()
        // Reads the path and fills the structure.
        guard unsafe stat(self.directory, &directory) == 0 else {
            throw error("can't be read: \(SystemError.reason(errno))")
        }
        let user = geteuid()
        guard reader.trusts(owner: owner, inDirectoryOf: directory.st_uid, as: user) else {
            throw error(
                "belongs to user \(owner) and not to user \(user), as whom this runs; run as that user, or, once you "
                    + "trust what it says, give it away with chown")
        }
    }

    private static func stamp(_ information: stat) -> APIKeyStamp {
        // The last two tell of a change of its mode or its owner, too.
        APIKeyStamp([
            Int64(bitPattern: UInt64(information.st_dev)), Int64(bitPattern: UInt64(information.st_ino)),
            Int64(information.st_size), Int64(information.st_mtim.tv_sec), Int64(information.st_mtim.tv_nsec),
            Int64(information.st_ctim.tv_sec), Int64(information.st_ctim.tv_nsec),
        ])
    }
}

/// Who reads the API keys, and whose file it may be.
package enum KeysReader: Sendable {
    /// The gateway: what decides who may call it is its own user's alone, and that user is not to be tricked by another,
    /// root least of all.
    case gateway
    /// Somebody at a terminal: root looks after the keys of whose the directory is.
    case administrator

    /// Whether a file of that owner is believed.
    func trusts(owner: uid_t, inDirectoryOf directoryOwner: uid_t, as user: uid_t) -> Bool {
        switch self {
        case .gateway: owner == user
        case .administrator: owner == user || (user == 0 && owner == directoryOwner)
        }
    }

    /// Whether a directory of that owner is: who owns it can put another file in the place of the first.
    func trustsDirectory(of owner: uid_t, as user: uid_t) -> Bool {
        // What root may do to others, nobody can help.
        owner == user || owner == 0 || (self == .administrator && user == 0)
    }
}
