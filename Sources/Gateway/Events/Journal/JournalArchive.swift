import Storage
import Synchronization

/// A session's journal as the store has it.
final class JournalArchive: Sendable {
    private let store: any JournalStore
    private let session: SessionID
    private let gap = Atomic<UInt64>(0)

    /// Events that are read at once, and about so many bytes: what one answer has, unless the caller says otherwise, and what a
    /// reader that is far behind holds of memory.
    private static let page = (events: GatewayLimits.pollEvents, bytes: 64 << 10)

    init(_ store: any JournalStore, _ session: SessionID) {
        self.store = store
        self.session = session
    }

    /// The number before the first event that is kept.
    var oldest: UInt64 { store.span(of: session).oldest }

    /// The number of the last event that a reader was told it can't be read.
    ///
    /// Whoever then asks for the oldest there is begins behind it: a reader that does so at each gap would come to the same
    /// one again and again.
    var lastGap: UInt64 { gap.load(ordering: .relaxed) }

    /// A reader is told of a gap up to that number.
    func noteGap(_ number: UInt64) { gap.max(number, ordering: .relaxed) }

    /// The next events after a number, or all that is missing where none of those that come next can be read: one hole is one
    /// gap, however wide it is.
    ///
    /// Throws `StoreError`.
    func read(after sequence: UInt64) async throws(StoreError) -> StoredWindow {
        var window = try await page(after: sequence)
        while window.first == nil, window.through < store.span(of: session).head {
            let next = try await page(after: window.through)
            guard next.through > window.through else { break }
            window.extend(through: next.first.map { $0 - 1 } ?? next.through)
            guard next.first == nil else { break }
        }
        return window
    }

    private func page(after sequence: UInt64) async throws(StoreError) -> StoredWindow {
        let page = try await store.read(
            session, after: sequence, limit: Self.page.events, bytes: Self.page.bytes)
        var window = StoredWindow(after: sequence, through: page.through)
        for stored in page.events { window.take(stored.event, stored.seq) }
        return window
    }
}

/// Events that were read from the store, by their numbers among what a source has.
struct StoredWindow: Sendable {
    /// The numbers that were looked at are those behind this, up to `through`.
    private let after: UInt64
    private(set) var through: UInt64
    private var entries: [UInt64: JournalEntry] = [:]
    /// Those of a feed's that were looked for and can't be read; in between are others' and those that memory holds.
    private var missing: Set<UInt64> = []

    /// Nothing was looked at.
    static let none = StoredWindow(after: 0, through: 0)

    init(after: UInt64, through: UInt64) {
        self.after = after
        self.through = through
    }

    /// Takes an event in, whose place among its session's events is `sequence`.
    ///
    /// One of a kind that this program does not know is as good as damaged.
    mutating func take(_ event: EncodedEvent, _ sequence: UInt64, at number: UInt64? = nil) {
        guard let type = EventType(named: event.type) else { return }
        // Its age is the store's matter.
        entries[number ?? sequence] = JournalEntry(sequence: sequence, type: type, uptime: .zero, json: event.json)
    }

    /// An event of a feed's was looked for and can't be read.
    mutating func miss(_ number: UInt64) { missing.insert(number) }

    func misses(_ number: UInt64) -> Bool { missing.contains(number) }

    /// The event of that number; nil where there is none that can be read.
    subscript(number: UInt64) -> JournalEntry? { entries[number] }

    /// The number of the first event that can be read; nil where there is none.
    var first: UInt64? { entries.keys.min() }

    /// It was looked as far as that, whatever is there.
    mutating func extend(through number: UInt64) { through = max(through, number) }

    /// What it has of a session's events up to a number: what a reader of the whole journal would get.
    func read(after position: UInt64, through last: UInt64, _ filter: TypeFilter, limit: Int, bytes: Int) -> Reading {
        guard position >= after, position < through else { return .partly([], next: position) }
        var (next, left, items) = (position, bytes, [Reading.Item]())
        let end = min(through, last)
        while next < end, self[next + 1] == nil { next += 1 }
        guard next == position else { return .gap(missed: next - position, oldest: next) }
        while next < end {
            // A gap is told in its place, which is after the events before it.
            guard let entry = self[next + 1] else { return .events(items, next: next, more: true, ended: false) }
            if filter.matches(entry.type) {
                guard items.count < limit, left > 0 else {
                    return .events(items, next: next, more: true, ended: false)
                }
                items.append(Reading.Item(number: next + 1, entry: entry))
                left -= entry.size
            }
            next += 1
        }
        return .partly(items, next: next)
    }
}
