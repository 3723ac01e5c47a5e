import Glibc

/// What a command answers, written whole and at once.
package enum StandardOutput {
    /// Writes a line; why it is not written, or nil once it is.
    package static func write(_ line: [UInt8]) -> CommandFailure? { writeAll(line + [UInt8(ascii: "\n")]) }

    /// Writes a line; why it is not written, or nil once it is.
    package static func write(_ line: String) -> CommandFailure? { write(Array(line.utf8)) }

    /// Writes bytes as they are; why they are not written, or nil once they are.
    package static func writeAll(_ bytes: [UInt8]) -> CommandFailure? {
        var rest = bytes[...]
        while !rest.isEmpty {
            // Reads no more than it is given and keeps nothing.
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if written >= 0 {
                rest = rest.dropFirst(written)
            } else if errno == EAGAIN {
                // Somebody else who has the pipe, or terminal, does not want to wait for it.
                var poll = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                // Reads and fills one structure.
                unsafe _ = Glibc.poll(&poll, 1, -1)
            } else if errno == EPIPE {
                return .pipeClosed
            } else if errno != EINTR {
                return .configuration("standard output can't be written: \(PrivateFile.reason(errno))")
            }
        }
        return nil
    }

    /// Has a closed pipe be an error of `write`, and not the end of the process.
    package static func ignoreBrokenPipes() { _ = signal(SIGPIPE, SIG_IGN) }
}
