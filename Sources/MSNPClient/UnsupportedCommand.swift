/// A command that a backend does not support, as far as is known.
package struct UnsupportedCommand: Equatable, Sendable {
    /// How it is known.
    package enum Cause: String, Sendable {
        /// The operator said so.
        case `operator`
        /// The backend closed connections on it.
        case closed
        /// The backend left it without an answer.
        case unanswered
    }

    /// `FND`, `PNG`, …; `MSG` where messages are not acknowledged, which are sent all the same.
    package let command: String
    package let cause: Cause
    /// How long this still holds; nil for as long as the process lives.
    package let remaining: Duration?
}
