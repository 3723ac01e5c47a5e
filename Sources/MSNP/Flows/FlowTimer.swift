/// What a flow waits for.
///
/// The caller keeps the clock and reports when one is up.
package enum FlowTimer: Hashable, Sendable {
    /// A step of the sign-in owes an answer.
    case signInStep
    /// 924 came; `USR OK` may still follow (docs/protocol.md#923-924).
    case doubtfulRefusal
    /// The lists have no end marker; silence ends them (docs/protocol.md#synchronization-end).
    case synchronization
    /// `ILN`s have no end marker either.
    case presenceSettling
    /// A request owes an answer.
    case request(TransactionID)
    /// A close from now on says nothing of the command that was sent last.
    case closeWatch
    /// Nothing was sent for a while.
    case keepalive
    /// A `PNG` owes its `QNG`.
    case pong
    /// The session is online; after a while its moves are counted anew.
    case stability
    /// The wait before the next attempt to reconnect.
    case reconnect
    /// The session has just come online; a close before this is up is one right after the sign-in.
    case displacement
    /// After so long online the session's next loss counts as a first one.
    case recovery
    /// After so long online the session is stable again.
    case steadiness
    /// `OUT` was sent; the server may close first.
    case goodbye
}
