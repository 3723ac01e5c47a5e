import Digests
import Locking
import Logging
import MSNP
import MSNPClient
import Storage

/// Brings back what another process has left: the sessions with all that is kept of them, and the feeds of keys.
struct Restoration: Sendable {
    let keeper: StateKeeper
    let registry: SessionRegistry
    let environment: SessionEnvironment
    let backends: Words<Backend>
    /// Whose sessions may come back.
    let owners: Set<Owner>
    let idempotency: IdempotencyStore

    /// Reads all that is kept, and changes nothing.
    ///
    /// Throws `StoreError` where the store can't be read, or holds a row that is not what was written: what a start would make of the
    /// others without it nobody knows.
    func read() async throws(StoreError) -> KeptState {
        let store = keeper.store
        let kept = try await KeptState(store, head: { store.span(of: $0).head }, last: store.lastPosition)
        guard let fault = kept.faults.first else { return kept }
        let others = kept.faults.count > 1 ? ", and \(kept.faults.count - 1) more" : ""
        throw StoreError.damaged("\(fault)\(others)").located(in: store.place)
    }

    /// Puts all of it in its place; the sessions that are to sign in again, the last used first.
    ///
    /// Events stay where they are: the store knows where, and readers get them from there.
    func restore(_ kept: KeptState) -> [Session] {
        let readers = Dictionary(grouping: kept.feedConsumers, by: \.owner)
        let head = keeper.store.lastPosition
        for feed in kept.feeds where owners.contains(.key(id: feed.owner)) {
            registry.restoreFeed(
                OwnerFeed.Kept(keeper: keeper, owner: .key(id: feed.owner), stored: feed, head: head),
                readers[feed.owner] ?? [])
        }
        forgetFeeds(kept)
        // Among those of the same moment, the last opened first.
        let found = kept.sessions.sorted { ($0.usedAt, $0.createdAt) > ($1.usedAt, $1.createdAt) }
            .map { restore($0, kept.records(of: $0.id)) }
        // Those that have ended in the order in which they did: when there are too many, the first go first.
        for (stored, session, _) in found.sorted(by: { ($0.stored.endedAt ?? 0) < ($1.stored.endedAt ?? 0) }) {
            register(session, stored, kept.records(of: stored.id).tokens)
        }
        warnOfOrphans(kept.sessions)
        // Before anything more happens in them.
        fillFeeds(found.map(\.session))
        for (_, session, _) in found { session.leaveUnconfirmed() }
        // Before any of them ends, and forgets what became of its messages.
        idempotency.restore(kept.calls) { call in
            registry.session(call.session.text)?.outcome(ofMessage: call.message) ?? .failure(Session.unknownOutcome)
        }
        for (_, session, isOpen) in found { settle(session, isOpen: isOpen) }
        // From here on the store writes what it has to, whether anything has happened or not.
        keeper.store.note([], under: keeper.tenure)
        return found.map(\.session).filter { !$0.hasEnded }
    }

    /// The session, and whether its password could be opened.
    private func restore(
        _ stored: StoredSession, _ kept: KeptRecords
    ) -> (stored: StoredSession, session: Session, isOpen: Bool) {
        let owner = stored.owner.map { Owner.key(id: $0) } ?? .anonymous
        let backend = backends[stored.backend]
        let password = stored.sealed.flatMap { keeper.sealing?.open($0, for: SealingContext(stored)) }
        let (now, uptime) = (environment.clock.now.milliseconds, environment.clock.uptime())
        let session = Session(
            id: stored.id.text, epoch: stored.epoch, createdAt: Timestamp(milliseconds: stored.createdAt),
            openedAt: uptime - .milliseconds(max(0, now - stored.createdAt)), account: stored.account, owner: owner,
            openedFrom: ClientAddress(ip: IPAddress(literal: stored.openedFrom)),
            backend: backend ?? Self.gone(stored.backend), password: password ?? Secret(""), environment: environment)
        session.restore(
            stored, kept, through: keeper.store.span(of: stored.id).head, sealing: keeper.sealing?.first)
        return (stored, session, password != nil)
    }

    private func register(_ session: Session, _ stored: StoredSession, _ tokens: [StoredToken]) {
        let now = environment.clock.now.milliseconds
        func passed(_ since: Int64) -> Duration { .milliseconds(max(0, now - since)) }
        // Its end is its last event, unless that is gone, and a deletion is none: by the wall's clock nothing is lost then.
        let age = keeper.store.age(of: stored.id).map { .seconds($0) } ?? stored.endedAt.map(passed) ?? .zero
        registry.restore(session, endedBefore: age, deletedBefore: stored.deletedAt.map(passed))
        registry.restoreTokens(tokens, of: session)
        if isWelcome(session.owner), session.owner != .anonymous { registry.feed(of: session.owner).join(session) }
    }

    private func isWelcome(_ owner: Owner) -> Bool { owner == .anonymous || owners.contains(owner) }

    /// Ends a session that can't come back, and says of another that it is away.
    private func settle(_ session: Session, isOpen: Bool) {
        if !isWelcome(session.owner) {
            session.end(.signedOut)
        } else if backends[session.backend.name] == nil {
            session.end(.unreachable)
        } else if !isOpen {
            session.end(.credentialsNotKept)
        } else {
            session.awaitReturn()
        }
    }

    /// A backend that is not configured any more, of which only the name is used.
    private static func gone(_ name: String) -> Backend {
        Backend(BackendConfiguration(name: name, address: ServerAddress(host: "")))
    }

    /// Takes those of keys that were revoked out of the store.
    private func forgetFeeds(_ kept: KeptState) {
        func isGone(_ owner: String) -> Bool { !owners.contains(.key(id: owner)) }
        let gone =
            kept.feeds.filter { isGone($0.owner) }.map { RecordChange.remove($0.key) }
            + kept.feedConsumers.filter { isGone($0.owner) }.map { RecordChange.remove($0.key) }
        if !gone.isEmpty { keeper.store.note(gone, under: nil) }
    }

    /// Events whose session is in no record: one commit writes both and another removes both, so that the record was lost.
    ///
    /// They stay for as long as any events do, for whoever can put the record back.
    private func warnOfOrphans(_ stored: [StoredSession]) {
        let orphans = Set(keeper.store.journals).subtracting(stored.map(\.id))
        guard !orphans.isEmpty else { return }
        environment.logger.warning(
            "sessions of the state are missing, and their events are there",
            metadata: ["journals": "\(orphans.count)", "file": "\(keeper.store.place)"])
    }

    private func fillFeeds(_ sessions: [Session]) {
        var places: [SessionID: FeedPlace] = [:]
        for session in sessions { places[SessionID(session.id)] = session.state.withLock { $0.feedPlace } }
        guard !places.isEmpty else { return }
        var feeds: [ObjectIdentifier: (feed: OwnerFeed, references: [OwnerFeed.Reference])] = [:]
        func refer(_ event: EventPlace, isGone: Bool) {
            guard let place = places[event.session] else { return }
            feeds[ObjectIdentifier(place.feed), default: (place.feed, [])].references.append(
                OwnerFeed.Reference(slot: place.slot, sequence: isGone ? 0 : event.seq, number: event.position))
        }
        for event in keeper.store.places() { refer(event, isGone: false) }
        // Asked for then: what goes in between is in both.
        for event in keeper.store.lastGone() { refer(event, isGone: true) }
        for (feed, references) in feeds.values { feed.restore(references) }
    }
}
