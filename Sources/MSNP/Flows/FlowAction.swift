/// What a flow asks of its caller, in the order given.
package enum FlowAction: Equatable, Sendable {
    /// Wait for one of the backend's turns to sign in, then call `turnGranted()`. One for which a person waits, as for a
    /// first sign-in, goes before others.
    case awaitTurn(isAwaited: Bool)
    /// Give the turn back, or stop waiting for one.
    case returnTurn
    /// Close the open connection without a word, and connect there.
    case connect(ServerAddress)
    case send(ClientCommand)
    /// Start the timer, or start it anew.
    case start(FlowTimer, Duration)
    case cancel(FlowTimer)
    case emit(SessionEvent)
    /// A line of the server's was dropped, because a part of it is longer than its limit (`WireLimits`); the name of
    /// its command.
    case dropped(command: String)
    /// Somebody calls: answer it at the switchboard, or let it ring.
    case rang(Ring)
    /// Answer the request that was made under this number.
    case complete(RequestID, Result<RequestReply, RequestFailure>)
    /// Remember this about the backend, for all its sessions.
    case learn(BackendTrait)
    /// Close the connection; the session goes on.
    case disconnect
    /// Close the connection; nothing follows.
    case close
}

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
    /// `ILN`s have no end marker either; silence ends those of the first sign-in, time those of a later one.
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
    /// The last attempt to reconnect is so recent that nobody's haste brings on the next.
    case attemptSpacing
    /// The session has just come online; a close before this is up is one right after the sign-in.
    case displacement
    /// After so long online the session's next loss counts as a first one.
    case recovery
    /// After so long online the session is stable again.
    case steadiness
    /// `OUT` was sent; the server may close first.
    case goodbye
}

/// What a session learns of its backend, for all sessions with it in this process.
package enum BackendTrait: Hashable, Sendable {
    case keepalive(KeepaliveTrait)
    /// The backend has answered the command, with success or an error.
    case answers(command: String)
    /// The backend closed on the command, as some do on commands that they don't know (docs/protocol.md#servers-differ).
    case closes(onCommand: String)
    /// Whether the backend has answered a message on a switchboard in time.
    case answersMessages(Bool)
}

extension [FlowAction] {
    /// These and then others; where there are none of these, which is nearly always so, the others as they are.
    func followed(by others: [FlowAction]) -> [FlowAction] { isEmpty ? others : self + others }
}
