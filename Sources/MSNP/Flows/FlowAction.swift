/// What a flow asks of its caller, in the order given.
package enum FlowAction: Equatable, Sendable {
    /// Wait for one of the backend's turns to sign in, then call `turnGranted()`. A first sign-in goes before others,
    /// because a person waits for it.
    case awaitTurn(isFirst: Bool)
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

extension [FlowAction] {
    /// These and then others; where there are none of these, which is nearly always so, the others as they are.
    func followed(by others: [FlowAction]) -> [FlowAction] { isEmpty ? others : self + others }
}
