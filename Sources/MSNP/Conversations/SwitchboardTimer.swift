/// What a switchboard connection waits for.
package enum SwitchboardTimer: Hashable, Sendable {
    /// Connecting, and the answer to `USR` or `ANS`.
    case entering
    /// Somebody was called, by folded handle.
    case joining(HandleKey)
    /// A message owes its `ACK`.
    case acknowledgement(TransactionID)
    /// A message in several pieces owes the rest of them.
    case assembly(MessageAssembly.Key)
    /// Nobody has said anything for a while.
    case idle
    /// A command was sent; the next may go out although nothing has answered it.
    case pause
    /// `OUT` was sent; the server may close first.
    case goodbye
}
