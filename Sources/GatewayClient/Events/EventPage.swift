/// What a poll is answered with.
struct EventPage: Decodable, Equatable, Sendable {
    let events: [Event]
    /// After everything that was examined.
    let next: Cursor
    /// Whether the session has ended, and there is nothing after these; nil otherwise.
    let ended: Bool?
}
