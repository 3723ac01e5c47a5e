/// What a flow waits for; whoever runs the flow keeps the clock and reports when one is up.
package enum FlowTimer: Hashable, Sendable {
    /// A step of the sign-in owes an answer.
    case signInStep
    /// 924 came; the server may yet go on with `USR OK` (protocol.md 17.4).
    case doubtfulRefusal
    /// The lists have no end marker; silence is one (protocol.md 5.3).
    case synchronization
    /// `ILN`s have no end marker either.
    case presenceSettling
    /// A request owes an answer.
    case request(TransactionID)
    /// A close is no longer the doing of the command that was sent last.
    case suspicion
    /// Nothing was sent for a while.
    case keepalive
    /// A `PNG` owes its `QNG`.
    case pong
    /// The session is online; once it has been for a while, moves are counted anew.
    case stability
    /// The wait before the next attempt to come back.
    case reconnect
    /// The session has just come online; a close before this is up is one right after the sign-in.
    case displacement
    /// The session has been online for so long that its next loss is a first one.
    case recovery
    /// The session has been online for so long that it is stable again.
    case steadiness
    /// `OUT` was sent; the server may close first.
    case goodbye
}
