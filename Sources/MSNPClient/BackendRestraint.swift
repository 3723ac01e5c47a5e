/// Something that a backend is not asked, or not waited for, and why.
package struct BackendRestraint: Equatable, Sendable {
    package enum Cause: String, Sendable {
        /// The operator said that it lacks the command.
        case `operator`
        /// It closed connections on the command.
        case closed
        /// It left the command without an answer.
        case unanswered
    }

    /// `FND`, `PNG`, …; `MSG` for messages that it does not acknowledge, which are sent all the same.
    package let command: String
    package let cause: Cause
    /// How long it still holds; nil for as long as the process lives.
    package let remaining: Duration?
}
