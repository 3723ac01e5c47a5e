/// What of a feed goes out together: events, and gaps in their places.
struct FeedPortion: Sendable {
    enum Item: Sendable {
        case event(JournalEntry)
        /// Events are gone: how many, where that can be known, up to a position.
        case gap(missed: UInt64?, through: UInt64)
    }

    /// What one portion has at most.
    struct Limits: Sendable {
        /// Events and gaps.
        var items: Int
        /// Bytes of events; a single one may have more.
        var bytes: Int
        /// References that are looked at, whatever a filter leaves out of them.
        var references: Int

        /// For reading once more what was read before, whose end is known.
        static let none = Limits(items: .max, bytes: .max, references: .max)
    }

    private(set) var items: [Item] = []
    /// Bytes of the events.
    private(set) var bytes = 0
    /// Everything up to there was looked at.
    private(set) var through: UInt64
    /// Events that it stands for: sent, left out by the filter, or gone; nil where nobody knows how many are gone.
    private(set) var events: UInt64? = 0

    init(after position: UInt64) { through = position }

    /// Whether an event fits in.
    func hasRoom(for entry: JournalEntry, _ limits: Limits) -> Bool {
        items.isEmpty || items.count < limits.items && bytes + entry.size <= limits.bytes
    }

    /// Whether a gap does.
    func hasRoomForGap(_ limits: Limits) -> Bool {
        if case .gap? = items.last { true } else { items.count < limits.items }
    }

    mutating func add(_ entry: JournalEntry, at number: UInt64) {
        items.append(.event(entry))
        bytes += entry.size
        pass(number, counts: true)
    }

    /// Goes past an event that is not to be sent, or past one of others.
    mutating func pass(_ number: UInt64, counts: Bool) {
        through = number
        if counts { events = events.map { $0 + 1 } }
    }

    /// Goes past events that are gone; what was gone before it is the same gap.
    mutating func miss(_ missed: UInt64?, through number: UInt64) {
        through = number
        events = events.flatMap { before in missed.map { before + $0 } }
        if case .gap(let before, _)? = items.last {
            items[items.count - 1] = .gap(missed: before.flatMap { b in missed.map { b + $0 } }, through: number)
        } else {
            items.append(.gap(missed: missed, through: number))
        }
    }
}
