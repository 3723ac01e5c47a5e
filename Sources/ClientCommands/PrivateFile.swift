import Glibc

/// Files with secrets, which their owner alone may read.
package enum PrivateFile {
    /// Bytes of one: a key and a line end, or a sign-in.
    private static let longest = 64 * 1024

    /// The first line of a file with a secret, a pipe included; throws `CommandFailure` with what is wrong with it.
    package static func firstLine(of path: String) throws(CommandFailure) -> String {
        let bytes = try read(path)
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        let secret = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        guard !secret.isEmpty else { throw .configuration("\(TerminalText.line(path)) is empty") }
        // One in which bytes were replaced would be another secret.
        guard let text = String(validating: secret, as: UTF8.self) else {
            throw .configuration("\(TerminalText.line(path)) is not in UTF-8")
        }
        return text
    }

    /// All of a file; throws `CommandFailure` where others may read it, or it can't be read.
    package static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
        let shown = TerminalText.line(path)
        // Reads the path and keeps nothing.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .configuration("\(shown) can't be read: \(reason(errno))")
        }
        defer { close(descriptor) }
        var status = stat()
        // Fills the structure.
        guard unsafe fstat(descriptor, &status) == 0 else { throw .configuration("\(shown) can't be read") }
        let kind = status.st_mode & S_IFMT
        guard kind != S_IFDIR else { throw .configuration("\(shown) is a directory") }
        guard kind != S_IFREG || status.st_mode & 0o077 == 0 else {
            throw .configuration("\(shown) can be read by others: chmod 600 it")
        }
        return try bytes(descriptor, shown)
    }

    /// Writes a file that its owner alone may read, whole or not at all, and the directories that are missing.
    package static func write(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
        try makeDirectory(parent(path))
        let fresh = "\(path).\(getpid())"
        // Reads the path and keeps nothing. Never a file that is there, or a link.
        let descriptor = unsafe open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .configuration("\(TerminalText.line(path)) can't be written: \(reason(errno))")
        }
        // Reads no more than it is given, which a file takes whole while there is room.
        let written = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        let isWhole = written == bytes.count && fsync(descriptor) == 0
        close(descriptor)
        // Both read the paths and keep nothing.
        guard isWhole, unsafe rename(fresh, path) == 0 else {
            let problem = reason(errno)
            unsafe _ = unlink(fresh)
            throw .configuration("\(TerminalText.line(path)) can't be written: \(problem)")
        }
    }

    /// Removes a file; one that is not there is as good.
    package static func remove(_ path: String) throws(CommandFailure) {
        // Reads the path and keeps nothing.
        guard unsafe unlink(path) == 0 || errno == ENOENT else {
            throw .configuration("\(TerminalText.line(path)) can't be removed: \(reason(errno))")
        }
    }

    private static func bytes(_ descriptor: Int32, _ shown: String) throws(CommandFailure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: longest)
        var count = 0
        while count < longest {
            // Writes no more than it is given room for and keeps nothing.
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: count), longest - count)
            }
            if got == 0 { return Array(bytes.prefix(count)) }
            if got > 0 {
                count += got
            } else if errno != EINTR {
                throw .configuration("\(shown) can't be read: \(reason(errno))")
            }
        }
        throw .configuration("\(shown) is larger than such a file can be")
    }

    private static func makeDirectory(_ path: String) throws(CommandFailure) {
        // All three read the path and keep nothing.
        guard !path.isEmpty, unsafe access(path, F_OK) != 0 else { return }
        try makeDirectory(parent(path))
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw .configuration("\(TerminalText.line(path)) can't be made: \(reason(errno))")
        }
    }

    private static func parent(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return String(path[..<slash])
    }

    /// Why a file can't be used, by the system's number.
    static func reason(_ code: Int32) -> String {
        switch code {
        case EACCES, EPERM: "permission denied"
        case ENOENT: "there is no such file"
        case ENOTDIR: "there is a file where a directory should be"
        case ENOSPC, EDQUOT: "no space is left"
        case EROFS: "the file system can't be written to"
        case ELOOP: "it is a link"
        default: "error \(code)"
        }
    }
}
