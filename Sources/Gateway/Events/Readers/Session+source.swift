import Locking
import MSNP
import MSNPClient
import Storage

/// A session's journal, for those who read it.
extension Session: EventSource {
    var title: String { "this session" }
    var mostPolls: Int { environment.limits.parkedPollsPerSession }
    var mostStreams: Int { environment.limits.streamsPerSession }
    var snapshotPath: String? { "/v1/sessions/\(id)/snapshot" }

    func cursor(_ number: UInt64) -> Cursor { Cursor(epoch: epoch, sequence: number) }

    func noteUse() { use(at: environment.clock.uptime()) }

    func noteWaiting() {
        // After a start there are thousands that sign in, and somebody waits for this one.
        guard environment.state != nil else { return }
        state.withLock { $0.record.state == .reconnecting ? $0.client : nil }?.hasten()
    }

    func resolve(_ position: ReadPosition) throws(Problem) -> UInt64 {
        do throws(Problem) {
            return try withJournal { journal, _ throws(Problem) in try journal.resolve(position) }
        } catch {
            var problem = error
            problem.snapshot = snapshotPath
            throw problem
        }
    }

    var keeper: StateKeeper? { environment.state }

    /// Nobody is told of a session before all that it is known by is written.
    var isUnwritten: Bool { false }

    func noteWritten() {}

    func read(
        after position: UInt64, _ filter: TypeFilter, limit: Int, bytes: Int, _ window: StoredWindow
    ) -> Reading {
        withJournal { journal, hasEnded in
            if position < journal.start {
                let oldest = journal.oldest.sequence
                // A burst larger than the journal leaves a gap, and so does a reader that is slower than it is long.
                guard position >= oldest else { return .gap(missed: oldest - position, oldest: oldest) }
                let reading = window.read(
                    after: position, through: journal.start, filter, limit: limit, bytes: bytes)
                if case .gap(_, let end) = reading { journal.archive?.noteGap(end) }
                return reading
            }
            let page = journal.read(after: position, filter, limit: limit, bytes: bytes)
            return .events(
                page.items, next: page.next.sequence, more: page.more,
                ended: hasEnded && !page.more && journal.isWritten)
        }
    }

    func fetch(after position: UInt64) async throws(StoreError) -> StoredWindow {
        let (start, archive) = withJournal { journal, _ in (journal.start, journal.archive) }
        guard var window = try await archive?.read(after: position) else {
            return StoredWindow(after: position, through: start)
        }
        // The store may have forgotten the session meanwhile: then all of it is gone.
        if window.through <= position { window.extend(through: max(start, position + 1)) }
        return window
    }

    /// Where an event is that a feed refers to.
    enum Place {
        case here(JournalEntry)
        case store
        case nowhere
    }

    /// Where the event of that number is.
    func find(_ sequence: UInt64) -> Place {
        withJournal { journal, _ in
            if let entry = journal.entry(sequence) { return .here(entry) }
            return journal.isInStore(sequence) ? .store : .nowhere
        }
    }

    /// The journal as it is at this moment, without what is too old by now.
    private func withJournal<Value, Failure: Error>(
        _ body: (_ journal: Journal, _ hasEnded: Bool) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let now = environment.clock.uptime()
        var growth = 0
        defer { account(growth) }
        return try state.withLock { state throws(Failure) in
            state.record.dropOldEvents(at: now)
            growth = state.takeGrowth()
            return try body(state.record.journal, state.record.hasEnded)
        }
    }

    // MARK: - The feed of its key

    /// Takes its place in its owner's feed; the number of its last event so far, or nil when it had a place already.
    func enterFeed(_ place: FeedPlace) -> UInt64? {
        state.withLock { state in
            guard state.feedPlace == nil else { return nil }
            state.feedPlace = place
            return state.record.journal.head
        }
    }

    /// It can be read no more: what the feed still refers to is gone; what the store is to have of the feed from now on.
    func leaveFeed() -> StoredFeed? {
        guard let place = state.withLock({ $0.feedPlace }) else { return nil }
        return place.feed.leave(place.slot)
    }
}
