/// One event, encoded when it happened and never again.
struct JournalEntry: Sendable {
    let sequence: UInt64
    let type: EventType
    let time: Timestamp
    /// The whole event as JSON.
    let json: [UInt8]
}
