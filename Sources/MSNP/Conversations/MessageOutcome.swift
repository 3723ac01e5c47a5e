/// What became of a message; each message has one outcome, once.
package enum MessageOutcome: Equatable, Sendable {
    /// The switchboard has acknowledged all of it.
    case delivered
    /// It went out, and nobody said whether it arrived: no `ACK` in time, or the connection died before one could come.
    case unconfirmed
    case failed(MessageFailure)
}
