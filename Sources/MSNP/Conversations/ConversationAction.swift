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

/// A request to a session's conversations that is answered later.
package enum ConversationRequest: Equatable, Sendable {
    /// Brings people together: with one person the conversation that there is or a new one, with more a new group.
    ///
    /// Answered once each has joined or can't be reached, with the conversation if anybody came.
    case open([Handle])
    /// Brings one more person in; answered when they have joined.
    case invite(Handle, into: ConversationID)
}

/// What a `ConversationRequest` brought.
package struct ConversationReply: Equatable, Sendable {
    package let conversation: ConversationID
    /// Whether the request created the conversation, or brought the person in, rather than found it so.
    package let isNew: Bool
    /// The people asked for who did not come, in the order in which that became known.
    package let absent: [Absence]

    package init(conversation: ConversationID, isNew: Bool, absent: [Absence] = []) {
        self.conversation = conversation
        self.isNew = isNew
        self.absent = absent
    }
}

/// A person who was called into a conversation and did not come.
package struct Absence: Equatable, Sendable {
    /// As we called them.
    package let handle: String
    package let failure: MessageFailure

    package init(handle: String, failure: MessageFailure) {
        self.handle = handle
        self.failure = failure
    }
}

/// What a session's conversations wait for.
package enum ConversationTimer: Hashable, Sendable {
    case switchboard(SwitchboardID, SwitchboardTimer)
    /// The pause before `XFR` is repeated.
    case transferRetry(SwitchboardID)
    /// The person who called us there may still be bringing others in.
    case settling(SwitchboardID)
    /// The count of the calls that we answered begins anew.
    case calls
    /// A typing notification was sent, and the next one can wait.
    case typing(ConversationID)
}
