import Locking

/// An answer without an end, on standard output as it comes; on a terminal by lines in which nothing is obeyed.
package final class StreamOutput: Sendable {
    private let isTerminal: Bool
    private let lines = Locked(TerminalLines())

    package init(_ style: TerminalStyle) { isTerminal = style.isTerminal }

    /// Writes a piece; why it is not written, or nil once it is.
    package func write(_ piece: [UInt8]) -> CommandFailure? {
        StandardOutput.writeAll(isTerminal ? lines.withLock { $0.take(piece) } : piece)
    }
}
