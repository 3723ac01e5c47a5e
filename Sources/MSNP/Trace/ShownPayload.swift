/// What a trace shows of a command's payload.
enum ShownPayload: Sendable {
    /// A message: its text, and of its headers those that hold no secret, by its content type (`BlankedPayload`).
    case message
    /// All of it: what people and services write.
    case text
    /// Nothing but its length.
    case blanked
}
