/// What a flow asks of whoever runs it, in the order given.
package enum FlowAction: Equatable, Sendable {
    /// Close what is open, without a word, and connect there.
    case connect(ServerAddress)
    case send(ClientMessage)
    /// Start the timer, or start it anew.
    case start(FlowTimer, Duration)
    case cancel(FlowTimer)
    case emit(SessionEvent)
    /// Answer the request that was made under this number.
    case complete(RequestID, Result<RequestReply, RequestFailure>)
    /// Remember this of the backend, for all its sessions.
    case learn(BackendTrait)
    /// Close the connection; nothing follows.
    case close
}
