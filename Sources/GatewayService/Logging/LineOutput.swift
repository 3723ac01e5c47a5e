import Dispatch
import Glibc
import Locking
import Logging

/// A file descriptor to which lines are written whole, by any number of threads.
///
/// The log must not hold up what it is about: whoever reads it may have stopped, and a pipe takes 64 KiB. So lines of the log
/// are posted and written by a queue of their own. When as many wait as may, further ones are lost, and the log says how many.
package final class LineOutput: Sendable {
    /// What was posted and not yet taken to be written.
    private struct Waiting: Sendable {
        var bytes: [UInt8] = []
        /// Lines that had no room behind them.
        var lost = 0
        /// In which that is told.
        var format = LogFormat.json
        var isBeingWritten = false
    }

    /// Bytes that may wait, besides as many that are being written: some thousand lines, a busy moment's worth.
    package static let room = 1 << 20
    /// How long the end of the process, or a line for a person, waits for a reader that has stopped.
    private static let patience: DispatchTimeInterval = .seconds(1)

    /// The descriptor, which only the holder of the lock writes to.
    private let descriptor: Locked<Int32>
    private let waiting = Locked(Waiting())
    private let queue = DispatchQueue(label: "log")

    /// The process's log: standard output is for what a command answers.
    package static let standardError = LineOutput(descriptor: STDERR_FILENO)

    /// The descriptor stays its owner's: it has to be open for as long as the output is used.
    package init(descriptor: Int32) {
        self.descriptor = Locked(descriptor)
    }

    /// Has a line of the log written soon, and returns at once.
    package func post(_ record: LogRecord, as format: LogFormat) {
        let line = format.line(record)
        let isFirst = waiting.withLock { waiting in
            waiting.format = format
            // One place for all that come after a lost one, so that the log says where they are missing.
            if waiting.lost > 0 || waiting.bytes.count + line.count > Self.room {
                waiting.lost += 1
            } else {
                waiting.bytes += line
            }
            defer { waiting.isBeingWritten = true }
            return !waiting.isBeingWritten
        }
        if isFirst { queue.async { self.writeWaiting() } }
    }

    /// Returns when all that was posted before is written, or after a second.
    package func flush() {
        guard waiting.withLock({ $0.isBeingWritten }) else { return }
        let last = DispatchWorkItem {}
        queue.async(execute: last)
        _ = last.wait(timeout: .now() + Self.patience)
    }

    private func writeWaiting() {
        while let (bytes, lost) = take() {
            put(bytes)
            put(lost)
        }
    }

    /// What waits, and a line about what is lost; nil when there is nothing.
    private func take() -> (bytes: [UInt8], lost: [UInt8])? {
        let (bytes, lost, format) = waiting.withLock { waiting in
            defer { (waiting.bytes, waiting.lost) = ([], 0) }
            waiting.isBeingWritten = !waiting.bytes.isEmpty || waiting.lost > 0
            return (waiting.bytes, waiting.lost, waiting.format)
        }
        guard lost > 0 else { return bytes.isEmpty ? nil : (bytes, []) }
        let record = LogRecord(
            time: LogRecord.now, level: .warning, label: "msnp-gateway",
            message: "lines of the log are lost: nobody took them in time", metadata: ["lines": "\(lost)"])
        return (bytes, format.line(record))
    }

    /// Writes all the bytes, after what was posted, and returns when the descriptor has taken them; whether it did.
    @discardableResult
    package func write(_ line: [UInt8]) -> Bool {
        flush()
        return put(line)
    }

    @discardableResult
    private func put(_ bytes: [UInt8]) -> Bool {
        descriptor.withLock { descriptor in
            var rest = bytes[...]
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
