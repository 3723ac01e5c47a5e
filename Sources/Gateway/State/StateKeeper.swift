import Locking
import MSNPClient
package import Storage

/// The sessions' way to a store that outlives the process; there is none where nothing does.
///
/// Sessions hand their events and what changed of them to the store, in order and under their own lock. The store's thread
/// comes back here with each commit, and only then readers see what it wrote.
package final class StateKeeper: Sendable {
    private struct Known: Sendable {
        weak var session: Session?
    }

    /// How long the answer to what was done waits until that is written: as long as a message waits for its outcome.
    package static let patience: Duration = .seconds(20)
    /// How long a look waits, and what has not begun: nothing is lost by coming again, and a commit takes milliseconds.
    package static let briefPatience: Duration = .seconds(5)

    let store: any Store
    let patience: Duration
    let briefPatience: Duration
    /// Of this process, which has the store to itself.
    let tenure: Tenure
    /// What passwords are sealed with; nil where none is kept.
    let sealing: SealingKeys?
    private let sessions = Locked<[SessionID: Known]>([:])
    /// By which waits are timed; nil before there is a gateway.
    private let loop = Locked<(any SessionLoop)?>(nil)

    /// The store is one that outlives the process.
    ///
    /// - Parameters:
    ///   - patience: how long a commit is waited for at most.
    ///   - briefPatience: the same where nothing has begun.
    package init(
        store: any Store, tenure: Tenure = Tenure(), sealing: SealingKeys? = nil,
        patience: Duration = StateKeeper.patience, briefPatience: Duration = StateKeeper.briefPatience
    ) {
        self.patience = patience
        self.briefPatience = briefPatience
        self.store = store
        self.tenure = tenure
        self.sealing = sealing
        // Weakly: the store's thread may be the last to know of it.
        store.onCommit { [weak self] in self?.wrote($0) }
    }

    /// Whether what happens can be written now.
    var canWrite: Bool { store.health == .good }

    // MARK: - Waiting

    /// Has that loop time what is waited for.
    func keepTime(on loop: any SessionLoop) { self.loop.withLock { $0 = loop } }

    /// Returns once all that was handed in before is written; throws as `commit`.
    ///
    /// - Parameter begun: whether it has happened already; else it is not waited for while nothing can be written.
    func flush(begun: Bool) async throws(StoreError) { try await commit([], begun: begun) }

    /// Hands changes in and returns once they are written, and all that was handed in before.
    ///
    /// Throws `StoreError`, after `patience` at the latest, or `briefPatience` for what has not begun: an engine that waits for
    /// a disk that does not answer says nothing. They may be written yet then.
    func commit(_ changes: [RecordChange], begun: Bool) async throws(StoreError) {
        let wait = CommitWait()
        let timer = loop.withLock { $0 }?.after(begun ? patience : briefPatience) {
            wait.end(.unavailable("the disk does not answer"))
        }
        defer { timer?.cancel() }
        let (store, tenure) = (store, changes.isEmpty ? nil : tenure)
        Task {
            do throws(StoreError) {
                try await store.commit(changes, under: tenure, begun ? .untilWritten : .orNothing)
                wait.end(nil)
            } catch {
                wait.end(error)
            }
        }
        if let error = await wait.result() { throw error }
    }

    /// The store keeps what the journals may, and no more.
    func retain(_ limits: GatewayLimits) {
        var retention = Retention()
        retention.events = limits.journal.events
        retention.bytes = limits.journal.bytes
        retention.age = limits.journal.age
        retention.totalBytes = limits.totalJournalBytes
        store.retain(retention)
    }

    // MARK: - Sessions

    /// A session's events are written from now on, and its commits are told to it for as long as it is there.
    func join(_ session: Session) {
        sessions.withLock { $0[SessionID(session.id)] = Known(session: session) }
    }

    /// It is gone.
    func leave(_ id: String) {
        sessions.withLock { $0[SessionID(id)] = nil }
    }

    /// On the store's thread, in order: readers may look as far as this was written.
    ///
    /// Each loop is told once of all its sessions that have news.
    private func wrote(_ committed: Committed) {
        var last: [SessionID: UInt64] = [:]
        for event in committed.events { last[event.session] = event.seq }
        let (known, relieved) = sessions.withLock { sessions in
            (
                last.compactMap { id, sequence in sessions[id]?.session.map { ($0, sequence) } },
                committed.relieved.compactMap { sessions[$0]?.session }
            )
        }
        for session in relieved { session.relieve() }
        var notes = OwedNotes()
        var places: [SessionID: (place: FeedPlace, owed: Owed)] = [:]
        for (session, sequence) in known {
            if let place = session.wrote(through: sequence, &notes) {
                places[SessionID(session.id)] = (place, session.owed)
            }
        }
        // After the journals: who reads a feed finds the events there.
        if !places.isEmpty { feed(committed.events, places, &notes) }
        notes.deliver()
    }

    /// Has the feeds refer to what was written, in the store's order.
    private func feed(
        _ events: [EventPlace], _ places: [SessionID: (place: FeedPlace, owed: Owed)], _ notes: inout OwedNotes
    ) {
        var news: [ObjectIdentifier: (feed: OwnerFeed, references: [OwnerFeed.Reference], owed: Owed)] = [:]
        for event in events {
            guard let (place, owed) = places[event.session] else { continue }
            let reference = OwnerFeed.Reference(slot: place.slot, sequence: event.seq, number: event.position)
            news[ObjectIdentifier(place.feed), default: (place.feed, [], owed)].references.append(reference)
        }
        for (feed, references, owed) in news.values { feed.append(references, on: owed, with: &notes) }
    }
}
