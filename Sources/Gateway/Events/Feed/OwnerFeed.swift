import DequeModule
import Digests
import HTTPFront
import Locking
import MSNPClient

/// The events of all sessions of one API key, in the order in which they were written.
///
/// It keeps references, 16 bytes each; the events are in the sessions' journals, and a reference whose event is gone is a
/// gap. Appending takes this object's lock alone, reading takes it and then one session's lock after the other: never two
/// at a time, and never while a session's lock is held.
final class OwnerFeed: Sendable {
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

    struct Poll: Sendable {
        let request: ParkedRequest
        let query: FeedQuery
        /// Everything up to here was examined.
        var position: UInt64
    }

    struct State: Sendable {
        var references: Deque<Reference> = []
        /// The number of the last reference; 0 before the first.
        var head: UInt64 = 0
        var sources: [UInt32: Source] = [:]
        var slotsMade: UInt32 = 0
        var consumers = Consumers()
        var polls: [UInt64: Poll] = [:]
        var streams: [UInt64: StreamSignal] = [:]
        var readersMade: UInt64 = 0
        var isFlushScheduled = false
        /// The key is gone.
        var isClosed = false

        /// The position before the first reference.
        var oldest: UInt64 { head - UInt64(references.count) }
    }

    let epoch = Base64URL.encode(SecureRandom.bytes(count: 6))
    private let currentLimits: Current<GatewayLimits>
    let clock: GatewayClock
    private let runtime: ClientRuntime
    let state = Locked(State())

    init(limits: Current<GatewayLimits>, clock: GatewayClock, runtime: ClientRuntime) {
        currentLimits = limits
        self.clock = clock
        self.runtime = runtime
    }

    var limits: GatewayLimits { currentLimits.value }

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
        append(slot, through: head)
    }

    /// The session can be read no more.
    func leave(_ slot: UInt32) { state.withLock { state in state.sources[slot] = nil } }

    /// Adds references to all events up to one that are not in yet.
    ///
    /// Two threads may come in the wrong order: whoever has the larger number brings what is missing for both.
    func append(_ slot: UInt32, through sequence: UInt64) {
        let mustFlush = state.withLock { state in
            guard let fed = state.sources[slot]?.fed, fed < sequence else { return false }
            for next in fed + 1...sequence { state.references.append(Reference(slot: slot, sequence: next)) }
            state.head += sequence - fed
            state.sources[slot]?.fed = sequence
            let excess = state.references.count - max(1, limits.feedReferences)
            if excess > 0 { state.references.removeFirst(excess) }
            return state.beginsFlush()
        }
        if mustFlush { scheduleFlush() }
    }

    // MARK: - Reading

    /// Where a reader begins.
    ///
    /// Throws 410 where events are gone, and then commits nothing.
    func resolve(
        _ position: FeedPosition?, _ consumer: ConsumerName?, commits: Bool
    ) throws(Problem) -> UInt64 {
        let known = consumer.flatMap { name in state.withLock { $0.consumers[name] } }
        // A new name begins as one of a session does: `Consumers.beginning`.
        let beginning = consumer == nil ? FeedPosition.now : .oldest
        let start = try resolve(position ?? known.map { .after(FeedCursor(epoch: epoch, number: $0)) } ?? beginning)
        if let consumer, commits, position != nil || known == nil {
            try state.withLock { state throws(Problem) in try state.consumers.commit(start, for: consumer) }
        }
        return start
    }

    private func resolve(_ position: FeedPosition) throws(Problem) -> UInt64 {
        let (oldest, head) = state.withLock { ($0.oldest, $0.head) }
        switch position {
        case .now: return head
        case .oldest:
            // Whoever asks for what there is has missed nothing.
            if case .gap(_, let next) = read(after: oldest, .everything, limit: 1) { return next }
            return oldest
        case .after(let cursor):
            guard cursor.epoch == epoch else {
                throw expired(
                    missed: nil, oldest: oldest, "The cursor is not from this feed: the gateway or the feed began anew."
                )
            }
            guard cursor.number <= head else {
                throw expired(
                    missed: nil, oldest: oldest,
                    "The cursor is ahead of the last event, so it was never given to anybody.")
            }
            return cursor.number
        }
    }

    /// Whatever matches after a position, at most `limit` events and about so many bytes.
    func read(after position: UInt64, _ filter: TypeFilter, limit: Int, bytes: Int = .max) -> FeedReading {
        let now = clock.uptime()
        var items: [FeedReading.Item] = []
        var (next, left, missed) = (position, bytes, UInt64(0))
        while true {
            let (from, batch) = state.withLock { $0.references(after: next) }
            if from > next {
                // Dropped by the feed itself, perhaps while this reads.
                guard items.isEmpty, next == position + missed else { return .events(items, next: next, more: true) }
                missed += from - next
                next = from
            }
            for (session, sequence) in batch {
                guard let entry = session?.entry(sequence, at: now) else {
                    // Told in its place: after the events before it.
                    guard items.isEmpty, next == position + missed else {
                        return .events(items, next: next, more: true)
                    }
                    missed += 1
                    next += 1
                    continue
                }
                guard missed == 0 else { return .gap(missed: missed, oldest: next) }
                if filter.matches(entry.type) {
                    guard items.count < limit, left > 0 else { return .events(items, next: next, more: true) }
                    items.append(FeedReading.Item(number: next + 1, entry: entry))
                    left -= entry.json.count
                }
                next += 1
            }
            guard !batch.isEmpty else { break }
        }
        return missed > 0 ? .gap(missed: missed, oldest: next) : .events(items, next: next, more: false)
    }

    func cursor(_ number: UInt64) -> String { FeedCursor(epoch: epoch, number: number).text }

    func expired(missed: UInt64?, oldest: UInt64, _ detail: String) -> Problem {
        var problem = Problem(.cursorExpired, detail)
        problem.missed = missed
        problem.oldest = cursor(oldest)
        return problem
    }

    // MARK: - Waking

    /// The key is revoked: nobody reads any more.
    func close() {
        let (polls, streams) = state.withLock { state in
            state.isClosed = true
            defer { state.polls = [:] }
            return (Array(state.polls.values), Array(state.streams.values))
        }
        for poll in polls { poll.request.answer(Authorizer.unauthorized) }
        for signal in streams { signal.wake() }
    }

    func scheduleFlush() {
        runtime.schedule(after: GatewayLimits.coalescing) { [weak self] in self?.flush() }
    }
}

extension OwnerFeed.State {
    /// References that are looked at before the lock is taken again.
    private static let batch = 256

    /// Whether somebody has to be told that there is more, and nobody is about to be.
    mutating func beginsFlush() -> Bool {
        guard !isFlushScheduled, !polls.isEmpty || !streams.isEmpty else { return false }
        isFlushScheduled = true
        return true
    }

    /// The next references after a position, and the position before the first of them: a later one where some are gone.
    func references(after position: UInt64) -> (from: UInt64, [(session: Session?, sequence: UInt64)]) {
        let from = max(position, oldest)
        let start = references.startIndex + Int(from - oldest)
        let batch = references[start..<min(references.endIndex, start + Self.batch)]
        return (from, batch.map { (sources[$0.slot]?.session, $0.sequence) })
    }
}
