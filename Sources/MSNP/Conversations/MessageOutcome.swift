/// What became of a message; each message has one outcome, once.
package enum MessageOutcome: Equatable, Sendable {
    /// The switchboard has acknowledged all of it.
    case delivered
    /// It went out, and nobody said whether it arrived: no `ACK` came in time, or the connection was lost before.
    case unconfirmed
    /// - Parameter partial: of a text in several parts some of which went out: how many Unicode scalars of it arrived, from its
    ///   beginning; nil where nothing went out, or all that there was.
    case failed(MessageFailure, partial: Int? = nil)
}
