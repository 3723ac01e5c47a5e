import Glibc
package import Storage

/// A look at a state directory that writes nothing.
package enum StateLook {
    /// What is there.
    package enum Found: Equatable, Sendable {
        /// No database yet.
        case nothing
        /// A database of this program, of that version of the schema.
        case database(version: Int64)
    }

    /// Throws `StoreError.refused`, with a sentence that names the file, for one that is damaged, newer or not ours.
    package static func look(_ files: StateFiles) throws(StoreError) -> Found {
        try look(files, newest: Schema.current.version)
    }

    /// - Parameters:
    ///   - newest: the version of the schema that is known.
    ///   - isOnlyRead: whether nobody can start on it, so that others may read it, as all may on many a medium.
    static func look(
        _ files: StateFiles, newest: Int64 = Schema.current.version, isOnlyRead: Bool = false
    ) throws(StoreError) -> Found {
        let path = files.database
        // Reads the path and keeps nothing.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw .refused("\(path) can't be read: \(StateFiles.reason(errno))") }
            // Reads the path and keeps nothing.
            guard unsafe access(path + "-wal", F_OK) != 0 else {
                throw .refused("\(path) is missing, and what belongs to it is there (\(path)-wal)")
            }
            return .nothing
        }
        defer { close(descriptor) }
        var information = stat()
        // Fills the structure and keeps nothing.
        guard unsafe fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
            throw .refused("\(path) is no file")
        }
        guard isOnlyRead || information.st_mode & 0o077 == 0 else {
            let mode = String(information.st_mode & 0o777, radix: 8)
            throw .refused("others may read or change \(path) (mode \(mode)); run chmod 600 on it, once you trust it")
        }
        // What a checkpoint had not yet moved when the power failed is in the WAL.
        let mayBeShort = size(of: path + "-wal") > 0
        return .database(
            version: try version(
                Header(descriptor), path, size: mayBeShort ? .max : Int(information.st_size), newest))
    }

    /// Bytes of a file; 0 where there is none.
    static func size(of path: String) -> Int {
        var information = stat()
        // Reads the path and fills the structure.
        return unsafe stat(path, &information) == 0 ? Int(information.st_size) : 0
    }

    private static func version(
        _ header: Header?, _ path: String, size: Int, _ newest: Int64
    ) throws(StoreError) -> Int64 {
        guard let header, header.isSQLite, header.pageSize >= 512 else {
            throw .refused("\(path) is damaged: it does not begin as a database")
        }
        guard header.applicationID == Schema.applicationID else {
            throw .refused("\(path) was not made by msnp-gateway")
        }
        guard size >= header.pages * header.pageSize else {
            throw .refused("\(path) is damaged: it has only \(size) of \(header.pages * header.pageSize) bytes")
        }
        let version = header.userVersion
        guard version <= newest else {
            throw .refused("\(path) \(Schema.newer(version, than: newest))")
        }
        guard version > 0 else { throw .refused("\(path) is damaged: it has no version") }
        return version
    }

    /// The first bytes of a database (https://www.sqlite.org/fileformat.html, 1.3).
    private struct Header {
        private static let size = 100
        private let bytes: [UInt8]

        /// Nil for a file that is shorter.
        init?(_ descriptor: Int32) {
            var bytes = [UInt8](repeating: 0, count: Self.size)
            // Writes no more than it is given room for and keeps nothing.
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
            guard count == Self.size else { return nil }
            self.bytes = bytes
        }

        var isSQLite: Bool { bytes.starts(with: Array("SQLite format 3\0".utf8)) }
        var pageSize: Int { number(at: 16, bytes: 2) == 1 ? 65_536 : number(at: 16, bytes: 2) }
        /// In the file, without what is in the WAL.
        var pages: Int { number(at: 28, bytes: 4) }
        var userVersion: Int64 { Int64(number(at: 60, bytes: 4)) }
        var applicationID: Int64 { Int64(number(at: 68, bytes: 4)) }

        private func number(at offset: Int, bytes count: Int) -> Int {
            bytes[offset..<offset + count].reduce(0) { $0 << 8 | Int($1) }
        }
    }
}
