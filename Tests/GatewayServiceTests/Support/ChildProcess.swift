import Foundation
import Glibc
import Locking

/// A child process whose output a thread of its own reads.
///
/// Not Foundation's, whose file handles close what Dispatch still watches, and whose children inherit the descriptors of
/// whatever test runs beside theirs.
final class ChildProcess: Sendable {
    let identifier: pid_t
    private let isReaped = Locked(false)

    /// Starts a program with an empty standard input.
    ///
    /// `output` gets standard output and error, `ended` the exit code behind all output, or the negative signal.
    init(
        _ path: String, _ arguments: [String], environment: [String: String],
        output: @escaping @Sendable ([UInt8]) -> Void, ended: @escaping @Sendable (Int32) -> Void
    ) throws {
        var ends: [Int32] = [0, 0]
        // A pair of sockets for a pipe, because those can be made so that no other child ever inherits them.
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw POSIXError(.EMFILE) }
        defer { close(ends[1]) }
        let (reading, writing) = (ends[0], ends[1])

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, writing, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, writing, STDERR_FILENO)
        // Sockets of other tests, which would stay open for as long as the child lives. To glibc it is no error when one is
        // closed by then.
        for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            if let descriptor = Int32(name), descriptor > STDERR_FILENO {
                posix_spawn_file_actions_addclose(&actions, descriptor)
            }
        }

        // The pointers end with nil, as the call wants them, and are freed once the child has its copies.
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var identifier: pid_t = 0
        let failure = posix_spawn(&identifier, path, &actions, nil, &words, &variables)
        guard failure == 0 else {
            close(reading)
            throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EINVAL)
        }
        self.identifier = identifier

        Thread.detachNewThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 4_096)
            while true {
                let count = read(reading, &buffer, buffer.count)
                if count > 0 { output(Array(buffer.prefix(count))) }
                if count == 0 || (count < 0 && errno != EINTR) { break }
            }
            close(reading)
            ended(reap())
        }
    }

    func signal(_ signal: Int32) {
        // Once it is reaped, its number may be another process's.
        isReaped.withLock { isReaped in
            if !isReaped { kill(identifier, signal) }
        }
    }

    private func reap() -> Int32 {
        // Waits without the lock, so that a process that closed its output can still be signalled.
        var information = siginfo_t()
        while waitid(P_PID, id_t(identifier), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        return isReaped.withLock { isReaped in
            var status: Int32 = 0
            waitpid(identifier, &status, 0)
            isReaped = true
            // The macros WIFEXITED, WEXITSTATUS and WTERMSIG, which Swift does not import.
            let signal = status & 0x7F
            return signal == 0 ? (status >> 8) & 0xFF : -signal
        }
    }
}
