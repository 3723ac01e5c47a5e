import Glibc

/// What a command answers, written whole and at once.
package enum StandardOutput {
    /// Writes a line; false where nobody reads it any more.
    package static func write(_ line: [UInt8]) -> Bool { writeAll(line + [UInt8(ascii: "\n")]) }

    /// Writes a line; false where nobody reads it any more.
    package static func write(_ line: String) -> Bool { write(Array(line.utf8)) }

    /// Writes bytes as they are; false where nobody reads them any more.
    package static func writeAll(_ bytes: [UInt8]) -> Bool {
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
            } else if errno != EINTR {
                return false
            }
        }
        return true
    }

    /// Has a closed pipe be an error of `write`, and not the end of the process.
    package static func ignoreBrokenPipes() { _ = signal(SIGPIPE, SIG_IGN) }
}
