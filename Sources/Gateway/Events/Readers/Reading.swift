/// What one read of events brought.
enum Reading: Sendable {
    /// Events in order, up to `limit` or about so many bytes.
    ///
    /// `next` covers those that the filter left out, too; with `ended` none comes after it.
    case events([Item], next: UInt64, more: Bool, ended: Bool)
    /// The next events are gone: so many, and the position after the last of them.
    case gap(missed: UInt64, oldest: UInt64)

    struct Item: Sendable {
        let number: UInt64
        let entry: JournalEntry
    }

    /// Whether it tells a reader nothing that it does not know.
    var isNothing: Bool {
        if case .events(let items, _, false, false) = self { items.isEmpty } else { false }
    }
}
