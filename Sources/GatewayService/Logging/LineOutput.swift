import Glibc
import Locking

/// A file descriptor to which lines are written whole, by any number of threads.
///
/// Each line is handed to the kernel before `write` returns, so that nothing is lost when the process ends.
package final class LineOutput: Sendable {
    /// The descriptor, which only the holder of the lock writes to.
    private let descriptor: Locked<Int32>

    /// The process's log: standard output is for what a command answers.
    package static let standardError = LineOutput(descriptor: STDERR_FILENO)

    /// The descriptor stays its owner's: it has to be open for as long as the output is used.
    package init(descriptor: Int32) {
        self.descriptor = Locked(descriptor)
    }

    /// Writes all the bytes; whether the descriptor took them.
    @discardableResult
    package func write(_ line: [UInt8]) -> Bool {
        descriptor.withLock { descriptor in
            var rest = line[...]
            while !rest.isEmpty {
                // Reads no more than it is given and keeps nothing.
                let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
                if written >= 0 {
                    rest = rest.dropFirst(written)
                } else if errno == EAGAIN {
                    // Somebody made the terminal or pipe non-blocking, maybe another process that shares it.
                    var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    // Reads and fills one structure.
                    unsafe _ = Glibc.poll(&poll, 1, -1)
                } else if errno != EINTR {
                    return false
                }
            }
            return true
        }
    }
}
