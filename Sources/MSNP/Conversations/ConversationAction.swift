/// What a `ConversationFlow` asks of its caller, in the order given.
package enum ConversationAction: Equatable, Sendable {
    /// Ask the notification server for a switchboard (`XFR SB`), then call `transferred` or `notTransferred`.
    case requestTransfer(SwitchboardID)
    /// Connect there.
    case connect(SwitchboardID, ServerAddress)
    case send(SwitchboardID, SwitchboardClientCommand)
    /// Close the connection, or give up the attempt to connect; nothing follows for it.
    case close(SwitchboardID)
    /// Start the timer, or start it anew.
    case start(ConversationTimer, Duration)
    case cancel(ConversationTimer)
    case emit(ConversationEvent)
    /// Something was received that could not be used; the name of its command.
    case ignored(command: String)
    /// A switchboard's line was dropped, because a part of it is longer than its limit; the name of its command.
    case dropped(command: String)
    /// Answer the request that was made under this number.
    case complete(RequestID, Result<ConversationReply, MessageFailure>)
    /// Whether the backend acknowledges messages, for all its sessions.
    case learn(BackendTrait)
}
