/// Decides when the next command may go out on a connection: when the last one is answered, or after a short pause.
///
/// Some servers take one command for each `recv` and lose the others of a segment (docs/protocol.md#pacing), so no two
/// commands may be under way to them at once. A value without a clock: the caller starts the pause for each command
/// that goes out, and asks for the next when the answer has come or the pause is over.
package struct CommandPacing<Command: Sendable>: Sendable {
    private struct Held: Sendable {
        let command: Command
        let transaction: TransactionID?
    }

    private enum Line: Sendable {
        case free
        /// A command was sent; one without a number has no answer that could be told from others.
        case taken(TransactionID?)
    }

    private var line = Line.free
    private var waiting: [Held] = []

    package init() {}

    /// Whether a command would go out at once.
    package var isFree: Bool { if case .free = line { true } else { false } }

    /// Whether as many wait as may.
    package var isFull: Bool { waiting.count >= PacingLimits.waiting }

    /// Takes a command; true when it may be sent now, else it waits.
    package mutating func admits(_ command: Command, _ transaction: TransactionID?) -> Bool {
        guard isFree else {
            waiting.append(Held(command: command, transaction: transaction))
            return false
        }
        line = .taken(transaction)
        return true
    }

    /// Whether the command sent last has a number that something may answer.
    package var awaitsAnswer: Bool { if case .taken(.some) = line { true } else { false } }

    /// Whether that number belongs to the command sent last, so that the next may go.
    package func isAnswered(by transaction: TransactionID) -> Bool {
        guard case .taken(let awaited?) = line else { return false }
        return awaited == transaction
    }

    /// The command to send now that the last one was answered or the pause is over; nil when none waits.
    package mutating func next() -> Command? {
        guard !waiting.isEmpty else {
            line = .free
            // The room that the last of them left: nothing waits for hours after a sign-in.
            waiting = []
            return nil
        }
        let held = waiting.removeFirst()
        line = .taken(held.transaction)
        return held.command
    }
}

/// Limits of the pauses between commands, for servers that take one for each `recv`.
package enum PacingLimits {
    /// From a command to the next, where no answer comes sooner.
    ///
    /// A server that reads at all has read one by then, and a person does not notice; nothing else waits for it, so that ten
    /// commands a second reach a server that answers none.
    package static let pause: Duration = .milliseconds(100)

    /// Commands that may wait on one connection: more than all requests together, each of which has a limit of its own.
    package static let waiting = 512
}
