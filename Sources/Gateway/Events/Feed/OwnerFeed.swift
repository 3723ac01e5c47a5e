import DequeModule
import Digests
import Locking

/// The events of all sessions of one API key, in the order in which they were written.
///
/// It keeps references, 16 bytes each; the events are in the sessions' journals, and a reference whose event is gone is a
/// gap. Appending takes this object's lock alone, reading takes it and then one session's lock after the other: never two
/// at a time, and never while a session's lock is held.
final class OwnerFeed: EventSource {
    struct Reference: Sendable {
        let slot: UInt32
        let sequence: UInt64
    }

    /// A session that the references can name.
    struct Source: Sendable {
        weak var session: Session?
        /// The last of its events that is in the feed.
        var fed: UInt64 = 0
    }

    struct State: Sendable {
        var references: Deque<Reference> = []
        /// The number of the last reference; 0 before the first.
        var head: UInt64 = 0
        var sources: [UInt32: Source] = [:]
        var slotsMade: UInt32 = 0

        /// The position before the first reference.
        var oldest: UInt64 { head - UInt64(references.count) }
    }

    let readers = Readers()
    private let epoch = Base64URL.encode(SecureRandom.bytes(count: 6))
    private let currentLimits: Current<GatewayLimits>
    private let clock: GatewayClock
    private let state = Locked(State())

    init(limits: Current<GatewayLimits>, clock: GatewayClock) {
        currentLimits = limits
        self.clock = clock
    }

    private var limits: GatewayLimits { currentLimits.value }

    var title: String { "these events" }
    var mostPolls: Int { limits.readersPerFeed }
    var mostStreams: Int { limits.readersPerFeed }
    /// The state is that of its sessions.
    var snapshotPath: String? { nil }

    func cursor(_ number: UInt64) -> Cursor { Cursor(.feed, epoch: epoch, sequence: number) }

    func noteUse() {}

    // MARK: - Sessions

    /// Takes a session in, with all events that it has so far.
    func join(_ session: Session) {
        let slot = state.withLock { state in
            state.slotsMade += 1
            state.sources[state.slotsMade] = Source(session: session)
            return state.slotsMade
        }
        guard let head = session.enterFeed(FeedPlace(feed: self, slot: slot)) else {
            leave(slot)
            return
        }
        append(slot, through: head, session.owed)
    }

    /// The session can be read no more.
    func leave(_ slot: UInt32) { state.withLock { state in state.sources[slot] = nil } }

    /// Adds references to all events up to one that are not in yet.
    ///
    /// Two threads may come in the wrong order: whoever has the larger number brings what is missing for both.
    func append(_ slot: UInt32, through sequence: UInt64, _ owed: Owed) {
        let hasNews = state.withLock { state in
            guard let fed = state.sources[slot]?.fed, fed < sequence else { return false }
            for next in fed + 1...sequence { state.references.append(Reference(slot: slot, sequence: next)) }
            state.head += sequence - fed
            state.sources[slot]?.fed = sequence
            let excess = state.references.count - max(1, limits.feedReferences)
            if excess > 0 { state.references.removeFirst(excess) }
            return true
        }
        if hasNews { readers.note(self, on: owed) }
    }

    // MARK: - Reading

    func resolve(_ position: ReadPosition) throws(Problem) -> UInt64 {
        let (oldest, head) = state.withLock { ($0.oldest, $0.head) }
        switch position {
        case .now: return head
        case .oldest:
            // Whoever asks for what there is has missed nothing.
            if case .gap(_, let next) = read(after: oldest, .everything, limit: 1, bytes: .max) { return next }
            return oldest
        case .after(let cursor):
            guard cursor.epoch == epoch else {
                throw expired(
                    missed: nil, oldest: oldest, "The cursor is not from this feed: the gateway or the feed began anew."
                )
            }
            guard cursor.sequence <= head else {
                throw expired(
                    missed: nil, oldest: oldest,
                    "The cursor is ahead of the last event, so it was never given to anybody.")
            }
            return cursor.sequence
        }
    }

    func read(after position: UInt64, _ filter: TypeFilter, limit: Int, bytes: Int) -> Reading {
        var items: [Reading.Item] = []
        var (next, left, missed) = (position, bytes, UInt64(0))
        while true {
            let (from, batch) = state.withLock { $0.references(after: next) }
            if from > next {
                // Dropped by the feed itself, perhaps while this reads.
                guard items.isEmpty, next == position + missed else { return more(items, next) }
                missed += from - next
                next = from
            }
            for (session, sequence) in batch {
                guard let entry = session?.entry(sequence) else {
                    // Told in its place: after the events before it.
                    guard items.isEmpty, next == position + missed else { return more(items, next) }
                    missed += 1
                    next += 1
                    continue
                }
                guard missed == 0 else { return .gap(missed: missed, oldest: next) }
                if filter.matches(entry.type) {
                    guard items.count < limit, left > 0 else { return more(items, next) }
                    items.append(Reading.Item(number: next + 1, entry: entry))
                    left -= entry.json.count
                }
                next += 1
            }
            guard !batch.isEmpty else { break }
        }
        guard missed == 0 else { return .gap(missed: missed, oldest: next) }
        return .events(items, next: next, more: false, ended: false)
    }

    /// There is more behind these.
    private func more(_ items: [Reading.Item], _ next: UInt64) -> Reading {
        .events(items, next: next, more: true, ended: false)
    }
}

extension OwnerFeed.State {
    /// References that are looked at before the lock is taken again.
    private static let batch = 256

    /// The next references after a position, and the position before the first of them: a later one where some are gone.
    func references(after position: UInt64) -> (from: UInt64, [(session: Session?, sequence: UInt64)]) {
        let from = max(position, oldest)
        let start = references.startIndex + Int(from - oldest)
        let batch = references[start..<min(references.endIndex, start + Self.batch)]
        return (from, batch.map { (sources[$0.slot]?.session, $0.sequence) })
    }
}
