import Glibc
import Storage

/// What SQLite changes in a directory although nothing is written to it, so that one that was refused is left as it was.
///
/// It makes an empty WAL and an index of it to read with, puts an index that is there in order, and has the header of a backup say
/// that there is a WAL.
struct StateTraces: Sendable {
    private let files: StateFiles
    private let hadLog: Bool
    /// The index that was there; nil where there was none.
    private let index: [UInt8]?
    /// The first bytes of the database; nil where there was none.
    private let header: [UInt8]?

    /// The byte of the index that all who have it open hold a lock on (`UNIX_SHM_DMS` of SQLite).
    private static let holders: off_t = 128
    /// Bytes of an index that are kept in mind: that of a WAL of a hundred megabytes.
    private static let mostIndex = 1 << 20
    /// What a header has (https://www.sqlite.org/fileformat.html, 1.3).
    private static let headerSize = 100
    /// Of it, what a change from one kind of log to the other touches: both versions, and what counts changes.
    private static let touched = [18..<20, 24..<28, 92..<100]

    /// Before the process has opened the database: to close a file takes the process's locks on it away.
    init(_ files: StateFiles) {
        self.files = files
        // Reads the path and keeps nothing.
        hadLog = unsafe access(files.log, F_OK) == 0
        index = Self.read(files.index, atMost: Self.mostIndex)
        header = Self.read(files.database, atMost: Self.headerSize)
    }

    /// Puts back what is not as it was, once all connections of this process are closed, and where nothing was written.
    ///
    /// Nothing is put back while another process has the database open: it may be reading there.
    func putBack() {
        let isEmpty = StateLook.size(of: files.log) == 0
        // Reads the path and keeps nothing.
        let descriptor = unsafe open(files.index, O_RDWR | O_CLOEXEC | O_NOFOLLOW)
        if descriptor >= 0 {
            defer { close(descriptor) }
            var lock = flock()
            (lock.l_type, lock.l_whence, lock.l_start, lock.l_len) = (Int16(F_WRLCK), Int16(SEEK_SET), Self.holders, 1)
            // Reads the structure.
            guard unsafe fcntl(descriptor, F_SETLK, &lock) == 0 else { return }
            if isEmpty { putHeaderBack() }
            if let index { Self.write(index, descriptor) } else { StateFiles.remove(files.index) }
        }
        if isEmpty, !hadLog { StateFiles.remove(files.log) }
    }

    private func putHeaderBack() {
        guard let header, let now = Self.read(files.database, atMost: Self.headerSize), now != header,
            Self.untouched(now) == Self.untouched(header)
        else { return }
        // Reads the path and keeps nothing.
        let descriptor = unsafe open(files.database, O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // Reads as many bytes as there are.
        _ = unsafe header.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    private static func untouched(_ header: [UInt8]) -> [UInt8] {
        header.indices.filter { index in !touched.contains { $0.contains(index) } }.map { header[$0] }
    }

    /// Writes all there is in a file.
    private static func write(_ bytes: [UInt8], _ descriptor: Int32) {
        guard bytes.count < mostIndex else { return }
        // Reads as many bytes as there are.
        _ = unsafe bytes.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        ftruncate(descriptor, off_t(bytes.count))
    }

    /// The first bytes of a file; nil where there is none.
    private static func read(_ path: String, atMost most: Int) -> [UInt8]? {
        // Reads the path and keeps nothing.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: min(StateLook.size(of: path), most))
        // Writes no more than it is given room for.
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe pread(descriptor, $0.baseAddress, $0.count, 0) }
        bytes.removeLast(bytes.count - max(0, count))
        return bytes
    }
}
