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

    /// Reads all of it and puts it in its place; the sessions that are to sign in again, the last used first.
    ///
    /// Events stay where they are: the store knows where, and readers get them from there.
    /// Throws `StoreError` where the store can't be read.
    func restore() async throws(StoreError) -> [Session] {
        let stored = try await keeper.store.load(StoredSession.self, of: nil)
        // With the other reads before anything changes: what can't be read is refused while all is as it was found.
        let calls = try await keeper.store.load(StoredCall.self, of: nil)
        let feeds = try await keeper.store.load(StoredFeed.self, of: nil)
        let readers = Dictionary(
            grouping: try await keeper.store.load(StoredFeedConsumer.self, of: nil), by: \.owner)
        let kept = try await KeptRecords.all(in: keeper.store)
        let head = keeper.store.lastPosition
        for feed in feeds where owners.contains(.key(id: feed.owner)) {
            registry.restoreFeed(
                OwnerFeed.Kept(keeper: keeper, owner: .key(id: feed.owner), stored: feed, head: head),
                readers[feed.owner] ?? [])
        }
        var found: [(session: Session, isOpen: Bool)] = []
        // Among those of the same moment, the last opened first.
        for session in stored.sorted(by: { ($0.usedAt, $0.createdAt) > ($1.usedAt, $1.createdAt) }) {
            found.append(try restore(session, kept[session.id] ?? KeptRecords()))
        }
        warnOfOrphans(stored)
        // Before anything more happens in them.
        fillFeeds(found.map(\.session))
        for (session, _) in found { session.leaveUnconfirmed() }
        // Before any of them ends, and forgets what became of its messages.
        idempotency.restore(calls) { call in
            registry.session(call.session.text)?.outcome(ofMessage: call.message) ?? .failure(Session.unknownOutcome)
        }
        for (session, isOpen) in found { settle(session, isOpen: isOpen) }
        return found.map(\.session).filter { !$0.hasEnded }
    }

    /// The session, and whether its password could be opened.
    private func restore(
        _ stored: StoredSession, _ kept: KeptRecords
    ) throws(StoreError) -> (Session, isOpen: Bool) {
        let last = keeper.store.span(of: stored.id).head
        let owner = stored.owner.map { Owner.key(id: $0) } ?? .anonymous
        let backend = backends[stored.backend]
        let password = stored.sealed.flatMap { keeper.sealing?.open($0, for: SealingContext(stored)) }
        let (now, uptime) = (environment.clock.now.milliseconds, environment.clock.uptime())
        let session = Session(
            id: stored.id.text, epoch: stored.epoch, createdAt: Timestamp(milliseconds: stored.createdAt),
            openedAt: uptime - .milliseconds(max(0, now - stored.createdAt)), account: stored.account, owner: owner,
            openedFrom: ClientAddress(ip: IPAddress(literal: stored.openedFrom)),
            backend: backend ?? Self.gone(stored.backend), password: password ?? Secret(""), environment: environment)
        do throws(StoreError) {
            try session.restore(stored, kept, through: last, sealing: keeper.sealing?.first)
            registry.restore(session, endedBefore: Duration.seconds(keeper.store.age(of: stored.id) ?? 0))
            try registry.restoreTokens(kept.tokens, of: session)
        } catch {
            throw error.located(in: keeper.store.place)
        }
        if isWelcome(owner), owner != .anonymous { registry.feed(of: owner).join(session) }
        return (session, password != nil)
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
