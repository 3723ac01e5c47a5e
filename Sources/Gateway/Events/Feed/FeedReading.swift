/// What one read of a feed brought.
enum FeedReading: Sendable {
    /// Events in order, up to `limit` or about so many bytes; `next` covers those that the filter left out, too.
    case events([Item], next: UInt64, more: Bool)
    /// The next events are gone: so many, and the position after the last of them.
    case gap(missed: UInt64, oldest: UInt64)

    struct Item: Sendable {
        let number: UInt64
        let entry: JournalEntry
    }
}
