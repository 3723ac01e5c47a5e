import FoundationEssentials
import Glibc

/// Reads a small file, and no more of a large one than asked for.
///
/// Not with Foundation, which reads all of it first, and loses 4 KiB on an empty one.
enum FileReader {
    /// Room for what comes out of a pipe at once, or of a file that says nothing of its size.
    private static let usual = 4_096

    /// The number of the error that the kernel gave.
    struct Failure: Error {
        let code: Int32
    }

    /// Where a path leads when all links are followed; nil with `errno` where it leads nowhere.
    static func target(of path: String) -> String? {
        // Reads the path; the copy that it makes is ours to free.
        guard let target = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(target) }
        return unsafe String(cString: target)
    }

    /// Whether there is a file at the path, and not a pipe or a device, whose content comes once.
    static func isFile(_ path: String) -> Bool {
        var information = Glibc.stat()
        // Reads the path and fills the structure.
        return unsafe stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
    }

    /// The first bytes of a file, all of them if there are no more than `limit`.
    static func read(_ path: String, upTo limit: Int) throws(Failure) -> [UInt8] {
        // Reads the path and keeps nothing.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failure(code: errno) }
        defer { close(descriptor) }
        return try read(descriptor, upTo: limit)
    }

    /// The same for a file that is open.
    static func read(_ descriptor: Int32, upTo limit: Int) throws(Failure) -> [UInt8] {
        // As much room as it needs, and not as it may: the heap keeps what a start has once had.
        let size = size(of: descriptor)
        var bytes = [UInt8](repeating: 0, count: min(size > 0 ? min(size, limit - 1) + 1 : usual, limit))
        var count = 0
        while count < limit {
            // One that has grown meanwhile, or a pipe.
            if count == bytes.count { enlarge(&bytes, to: min(2 * count, limit)) }
            let room = bytes.count - count
            // Writes no more than it is given room for and keeps nothing.
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), room)
            }
            if got == 0 { break }
            if got > 0 {
                count += got
            } else if errno != EINTR {
                throw Failure(code: errno)
            }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    /// Gives the bytes more room, and leaves none of them where they were, as they may be a secret.
    private static func enlarge(_ bytes: inout [UInt8], to count: Int) {
        let larger = bytes + repeatElement(0, count: count - bytes.count)
        // Writes what is the array's alone.
        unsafe bytes.withUnsafeMutableBytes { if let start = $0.baseAddress { unsafe explicit_bzero(start, $0.count) } }
        bytes = larger
    }

    /// What is said of a file's size, which of a pipe is 0.
    private static func size(of descriptor: Int32) -> Int {
        var information = Glibc.stat()
        // Fills the structure.
        return unsafe fstat(descriptor, &information) == 0 ? Int(information.st_size) : 0
    }
}

extension FileManager {
    /// Whether there is a directory at a path, or a link to one.
    func isDirectory(_ path: String) -> Bool {
        var isDirectory = false
        return fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory
    }
}

/// The kernel's errors in words.
enum SystemError {
    /// Why a call on a file failed.
    static func reason(_ code: Int32) -> String {
        switch code {
        case EACCES, EPERM: "permission denied"
        case ENOENT: "there is no such directory"
        case ENOTDIR: "there is a file where a directory should be"
        case EISDIR: "it is a directory"
        case ENOSPC, EDQUOT: "no space is left"
        case EROFS: "the file system can't be written to"
        case ELOOP: "it is a link"
        default: "error \(code)"
        }
    }
}
