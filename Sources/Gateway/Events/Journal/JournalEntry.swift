/// One event, encoded when it happened and never again.
struct JournalEntry: Sendable {
    let sequence: UInt64
    let type: EventType
    /// Uptime at which it happened, by which its age is measured: the time that it shows is for people, and jumps.
    let uptime: Duration
    /// The whole event as JSON.
    let json: [UInt8]
}
