/// What a `SwitchboardFlow` asks of its caller, in the order given.
package enum SwitchboardAction: Equatable, Sendable {
    case send(SwitchboardClientCommand)
    /// Start the timer, or start it anew.
    case start(SwitchboardTimer, Duration)
    case cancel(SwitchboardTimer)
    case report(SwitchboardReport)
    /// Close the connection; nothing follows.
    case close
}

/// Names a switchboard connection of one session; made up by its `ConversationFlow` and never used again.
package struct SwitchboardID: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}

/// How a switchboard lets us in (docs/protocol.md#calling, #being-called).
package enum SwitchboardEntrance: Equatable, Sendable {
    /// `USR`, with what `XFR` gave.
    case transfer(cookie: Redacted<String>)
    /// `ANS`, with what `RNG` gave.
    case ring(cookie: Redacted<String>, session: String)
}

/// What a switchboard connection reports to the conversation that it serves.
package enum SwitchboardReport: Equatable, Sendable {
    /// We are in, and these people are there; comes before everything else.
    case entered(present: [ListMember])
    /// Once for each person, however often the server says so.
    case joined(ListMember)
    case left(handle: String, idle: Bool)
    /// A person who was called does not come.
    case unreached(Handle, MessageFailure)
    case received(from: ListMember, MIMEPayload)
    case settled(MessagePart, PartOutcome)
    /// Something was received that could not be used; the name of its command.
    case ignored(command: String)
    /// A line was dropped, because a part of it is longer than its limit; the name of its command.
    case dropped(command: String)
    /// Nothing is under way to the server any more, so the next message may go out.
    case free
    /// The connection has ended; nil when we or all others left in good order. Nothing follows.
    case ended(MessageFailure?)
}

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
