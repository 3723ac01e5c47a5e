import Dispatch
import Glibc

/// Notices that nobody reads standard output any more, also while there is nothing to write.
package enum PipeWatch {
    /// Calls once when that is so; never where it is a file.
    package static func start(_ closed: @escaping @Sendable () -> Void) {
        // A thread of its own, which ends with the process.
        DispatchQueue(label: "pipe").async {
            var output = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
            // Reads and fills one structure.
            while unsafe poll(&output, 1, -1) < 0, errno == EINTR {}
            if output.revents & Int16(POLLERR | POLLHUP) != 0 { closed() }
        }
    }
}
