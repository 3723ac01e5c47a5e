import DequeModule
import Locking
import Storage
import Synchronization

/// The events of all sessions of one API key, in the order in which they were written.
///
/// It keeps references, 24 bytes each; the events are in the sessions' journals, and a reference whose event is gone is a
/// gap. Their numbers are counted here, or are the store's positions where there is one: so the next process has the same.
/// Appending takes this object's lock alone, reading takes it and then one session's lock after the other: never two at a
/// time, and never while a session's lock is held.
final class OwnerFeed: EventSource {
    struct Reference: Sendable {
        let slot: UInt32
        /// 0 for events up to there that are gone, of which nobody knows how many they are.
        let sequence: UInt64
        /// In the feed; larger for what came later.
        let number: UInt64
    }

    /// A session that the references can name.
    ///
    /// An object, since each event changes it: changed in its place in a dictionary it would cost three allocations each time.
    /// It is the state's part, and like that touched behind the feed's lock alone (`@unchecked Sendable`).
    final class Source: @unchecked Sendable {
        let id: SessionID
        weak var session: Session?
        /// The last of its events that is in the feed.
        var fed: UInt64 = 0
        /// The number that it has there, or in another process's feed.
        var last: UInt64 = 0

        init(id: SessionID, session: Session) {
            self.id = id
            self.session = session
        }
    }

    /// What a feed is that outlives the process: its numbers are the store's positions.
    struct Kept: Sendable {
        let keeper: StateKeeper
        let owner: Owner
        /// Of a feed that there was in another process; nil for a new one.
        var stored: StoredFeed?
        /// Beyond which no cursor was given.
        let head: UInt64
    }

    struct State: Sendable {
        var references: Deque<Reference> = []
        /// The number of the last reference; 0 before the first.
        var head: UInt64 = 0
        /// The position before the first reference that was not dropped.
        var oldest: UInt64 = 0
        var sources: [UInt32: Source] = [:]
        /// Whose the slots were of sessions that are gone, and that references may still name.
        var departed = DepartedSources()
        var slotsMade: UInt32 = 0
        /// The position of the last event that went with its session.
        var gone: UInt64 = 0
        /// The position of the last gap that a reader was told of.
        var lastGap: UInt64 = 0
        /// Its key is no more, and the store has forgotten the feed.
        var isForgotten = false
    }

    let readers = Readers()
    let epoch: String
    let keeper: StateKeeper?
    let owner: Owner
    private let currentLimits: Current<GatewayLimits>
    private let clock: GatewayClock
    /// Whether the store has its epoch.
    let isWritten: Atomic<Bool>
    let state = Locked(State())

    /// - Parameter kept: nil where nothing outlives the process, and numbers are counted here.
    init(limits: Current<GatewayLimits>, clock: GatewayClock, kept: Kept? = nil) {
        epoch = kept?.stored?.epoch ?? Cursor.makeEpoch()
        keeper = kept?.keeper
        isWritten = Atomic(kept.map { $0.stored != nil } ?? true)
        owner = kept?.owner ?? .anonymous
        currentLimits = limits
        if let kept {
            state.withLock { state in
                state.head = kept.head
                state.gone = kept.stored?.gone ?? 0
            }
        }
        self.clock = clock
    }

    /// Whether the numbers are a store's, which have holes.
    var hasPositions: Bool { keeper != nil }

    /// The number of the last event; 0 before the first.
    var head: UInt64 { state.withLock { $0.head } }

    private var limits: GatewayLimits { currentLimits.value }

    var title: String { "these events" }
    var mostPolls: Int { limits.readersPerFeed }
    var mostStreams: Int { limits.readersPerFeed }
    /// The state is that of its sessions.
    var snapshotPath: String? { nil }

    func cursor(_ number: UInt64) -> Cursor { Cursor(.feed, epoch: epoch, sequence: number) }

    func noteUse() {}

    func noteWaiting() {}

    // MARK: - Sessions

    /// Takes a session in, with all events that it has so far.
    func join(_ session: Session) {
        let slot = state.withLock { state in
            state.slotsMade += 1
            state.sources[state.slotsMade] = Source(id: SessionID(session.id), session: session)
            return state.slotsMade
        }
        guard let head = session.enterFeed(FeedPlace(feed: self, slot: slot)) else {
            _ = leave(slot)
            return
        }
        // Those that a store has come as they are written.
        if !hasPositions { append(slot, through: head, session.owed) }
    }

    /// The session can be read no more; what the store is to have of the feed from now on.
    func leave(_ slot: UInt32) -> StoredFeed? {
        state.withLock { state in
            guard let source = state.sources.removeValue(forKey: slot) else { return }
            state.gone = max(state.gone, source.last)
            state.departed.add(slot, source, oldest: state.oldest)
        }
        return stored
    }

    /// Adds references to all events up to one that are not in yet.
    ///
    /// Two threads may come in the wrong order: whoever has the larger number brings what is missing for both.
    func append(_ slot: UInt32, through sequence: UInt64, _ owed: Owed) {
        let hasNews = state.withLock { state in
            guard let source = state.sources[slot], source.fed < sequence else { return false }
            for next in source.fed + 1...sequence {
                state.append(Reference(slot: slot, sequence: next, number: state.head + 1))
            }
            source.fed = sequence
            source.last = state.head
            state.dropExcess(limits)
            return true
        }
        if hasNews { readers.note(self, on: owed) }
    }

    /// Refers to what was written before this process, in the store's order, and to what of it is gone.
    func restore(_ references: [Reference]) {
        state.withLock { state in
            for reference in references { state.noteLast(reference) }
            var references = references
            if state.gone > 0 { references.append(Reference(slot: 0, sequence: 0, number: state.gone)) }
            references.sort { $0.number < $1.number }
            state.references = Deque(references)
            state.dropExcess(limits)
        }
    }

    /// Adds references to events that the store has written, in its order; the loop of any of their sessions tells the readers.
    func append(_ references: [Reference], on owed: Owed, with notes: inout OwedNotes) {
        state.withLock { state in
            for reference in references where reference.number > state.head {
                state.append(reference)
                state.noteLast(reference)
            }
            state.dropExcess(limits)
        }
        readers.note(self, on: owed, with: &notes)
    }

    // MARK: - Reading

    func resolve(_ position: ReadPosition) throws(Problem) -> UInt64 {
        let (oldest, head) = state.withLock { ($0.oldest, $0.head) }
        switch position {
        case .now: return head
        case .oldest:
            // Whoever asks for what there is has missed nothing, and comes to no gap twice that they were told of.
            let oldest = max(oldest, state.withLock { $0.lastGap })
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

    func read(
        after position: UInt64, _ filter: TypeFilter, limit: Int, bytes: Int, _ window: StoredWindow
    ) -> Reading {
        var items: [Reading.Item] = []
        var (next, left) = (position, bytes)
        // A gap is told in its place: after the events before it, and before those behind it.
        var (hasPassed, isGap) = (false, false)
        var missed: UInt64? = 0
        while true {
            let (from, batch) = state.withLock { $0.references(after: next) }
            if from > next {
                // Dropped by the feed itself, perhaps while this reads.
                guard !hasPassed else { return more(items, next) }
                isGap = true
                // In a store's order others have places too: nobody knows how many of these were whose.
                missed = hasPositions ? nil : missed.map { $0 + from - next }
                next = from
            }
            for (session, reference) in batch {
                var found = session?.find(reference.sequence) ?? .nowhere
                if case .store = found {
                    if let entry = window[reference.number] {
                        found = .here(entry)
                    } else if window.misses(reference.number) {
                        found = .nowhere
                    }
                }
                switch found {
                case .here: break
                case .store: return isGap ? gap(missed, next) : .partly(items, next: next)
                case .nowhere:
                    guard !hasPassed else { return more(items, next) }
                    isGap = true
                    missed = reference.sequence == 0 ? nil : missed.map { $0 + 1 }
                    next = reference.number
                }
                guard case .here(let entry) = found else { continue }
                guard !isGap else { return gap(missed, next) }
                if filter.matches(entry.type) {
                    guard items.count < limit, left > 0 else { return more(items, next) }
                    items.append(Reading.Item(number: reference.number, entry: entry))
                    left -= entry.size
                }
                hasPassed = true
                next = reference.number
            }
            guard !batch.isEmpty else { break }
        }
        guard !isGap else { return gap(missed, next) }
        return .events(items, next: next, more: false, ended: false)
    }

    func fetch(after position: UInt64) async throws(StoreError) -> StoredWindow {
        var (window, next) = (StoredWindow.none, position)
        // What can't be read is one gap, however much of it there is.
        while window.first == nil {
            let places = places(after: next)
            guard let last = places.last else { break }
            next = last.position
            let events = try await keeper?.store.read(places) ?? []
            for (place, event) in zip(places, events) {
                window.extend(through: place.position)
                if let event { window.take(event, place.seq, at: place.position) } else { window.miss(place.position) }
            }
        }
        return window
    }

    /// Where the next events are of those that are in the store alone: as many as one answer has.
    private func places(after position: UInt64) -> [EventPlace] {
        var places: [EventPlace] = []
        for (session, reference) in state.withLock({ $0.references(after: position) }).1 {
            guard places.count < GatewayLimits.pollEvents else { break }
            guard let session, case .store = session.find(reference.sequence) else { continue }
            places.append(
                EventPlace(
                    session: SessionID(session.id), seq: reference.sequence, position: reference.number))
        }
        return places
    }

    /// The next events are gone.
    private func gap(_ missed: UInt64?, _ next: UInt64) -> Reading {
        state.withLock { $0.lastGap = max($0.lastGap, next) }
        return .gap(missed: missed, oldest: next)
    }

    /// There is more behind these.
    private func more(_ items: [Reading.Item], _ next: UInt64) -> Reading {
        .events(items, next: next, more: true, ended: false)
    }
}

extension OwnerFeed.State {
    /// References that are looked at before the lock is taken again.
    static let batch = 256

    /// The next references after a position, and the position before the first of them: a later one where some are gone.
    func references(after position: UInt64) -> (from: UInt64, [(session: Session?, reference: OwnerFeed.Reference)]) {
        let from = max(position, oldest)
        let start = place(after: from)
        let batch = references[start..<min(references.endIndex, start + Self.batch)]
        return (from, batch.map { (sources[$0.slot]?.session, $0) })
    }

    /// Where the first reference is that has a larger number.
    func place(after number: UInt64) -> Int {
        guard number < head else { return references.endIndex }
        // Numbers without holes say it themselves.
        let guess = Int(clamping: number - oldest)
        if guess < references.count, references[guess].number == number + 1 { return guess }
        var (low, high) = (references.startIndex, references.endIndex)
        while low < high {
            let middle = (low + high) / 2
            if references[middle].number <= number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// How far its session has come, for when that is gone.
    mutating func noteLast(_ reference: OwnerFeed.Reference) {
        guard let source = sources[reference.slot] else { return }
        source.last = max(source.last, reference.number)
    }

    mutating func append(_ reference: OwnerFeed.Reference) {
        references.append(reference)
        head = reference.number
    }

    mutating func dropExcess(_ limits: GatewayLimits) {
        let excess = references.count - max(1, limits.feedReferences)
        guard excess > 0 else { return }
        oldest = references[excess - 1].number
        references.removeFirst(excess)
    }
}
