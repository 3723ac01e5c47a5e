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
