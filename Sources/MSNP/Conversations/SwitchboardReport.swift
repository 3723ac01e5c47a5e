/// What a switchboard connection tells the conversation that it serves.
package enum SwitchboardReport: Equatable, Sendable {
    /// We are in, and these are there; nothing else is told before.
    case entered(present: [ListMember])
    /// Once for each, however often the server says so.
    case joined(ListMember)
    case left(handle: String, idle: Bool)
    /// Somebody who was called does not come.
    case unreached(Handle, MessageFailure)
    case received(from: ListMember, MIMEPayload)
    case settled(MessagePart, PartOutcome)
    /// Something was received that could not be used; the name of its command.
    case ignored(command: String)
    /// A line was dropped, as a part of it is longer than its limit; the name of its command.
    case dropped(command: String)
    /// Nothing is under way to the server any more, so that what waits may go out.
    case free
    /// The connection serves no longer; nil when all left as they should. Nothing is told after it.
    case ended(MessageFailure?)
}
