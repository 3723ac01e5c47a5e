import Digests
import Locking
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

    /// Events that are read at a time, and their bytes.
    private static let page = (events: 1_000, bytes: 1 << 20)

    /// Reads all of it and puts it in its place; the sessions that are to sign in again, the last used first.
    ///
    /// Throws `StoreError` where the store can't be read.
    func restore() async throws(StoreError) -> [Session] {
        let stored = try await keeper.store.load(StoredSession.self, of: nil)
        let feeds = try await keeper.store.load(StoredFeed.self, of: nil)
        let readers = Dictionary(
            grouping: try await keeper.store.load(StoredFeedConsumer.self, of: nil), by: \.owner)
        let head = keeper.store.lastPosition
        for feed in feeds where owners.contains(.key(id: feed.owner)) {
            registry.restoreFeed(
                of: .key(id: feed.owner), epoch: feed.epoch, head: head, readers[feed.owner] ?? [])
        }
        let kept = try await KeptRecords.all(in: keeper.store)
        var found: [(session: Session, isOpen: Bool)] = []
        // Among those of the same moment, the last opened first.
        for session in stored.sorted(by: { ($0.usedAt, $0.createdAt) > ($1.usedAt, $1.createdAt) }) {
            found.append(try await restore(session, kept[session.id] ?? KeptRecords()))
        }
        dropOrphans(stored)
        // Before anything more happens in them.
        fillFeeds(found.map(\.session))
        for (session, isOpen) in found { settle(session, isOpen: isOpen) }
        return found.map(\.session).filter { !$0.hasEnded }
    }

    /// The session, and whether its password could be opened.
    private func restore(
        _ stored: StoredSession, _ kept: KeptRecords
    ) async throws(StoreError) -> (Session, isOpen: Bool) {
        let (events, last) = try await events(of: stored.id)
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
            try session.restore(stored, kept, events, through: last, sealing: keeper.sealing?.first)
            let age = events.last.map { Duration.seconds($0.age) } ?? .zero
            registry.restore(session, endedBefore: age)
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
        session.leaveUnconfirmed()
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

    /// What is kept of a session's journal, and the number of its last event, kept or not.
    private func events(of id: SessionID) async throws(StoreError) -> (events: [StoredEvent], last: UInt64) {
        let span = keeper.store.span(of: id)
        var (events, after) = ([StoredEvent](), span.oldest)
        while after < span.head {
            let page = try await keeper.store.read(
                id, after: after, limit: Self.page.events, bytes: Self.page.bytes)
            events += page.events
            guard page.through > after else { break }
            after = page.through
        }
        return (events, span.head)
    }

    /// Events whose session is in no record: of what was never told to anybody.
    private func dropOrphans(_ stored: [StoredSession]) {
        let known = Set(stored.map(\.id))
        let orphans = Set(keeper.store.places().map(\.session)).subtracting(known)
        guard !orphans.isEmpty else { return }
        keeper.store.note(orphans.map { .removeSession($0) }, under: keeper.tenure)
    }

    private func fillFeeds(_ sessions: [Session]) {
        var places: [SessionID: FeedPlace] = [:]
        for session in sessions { places[SessionID(session.id)] = session.state.withLock { $0.feedPlace } }
        var feeds: [ObjectIdentifier: (feed: OwnerFeed, references: [OwnerFeed.Reference])] = [:]
        for event in keeper.store.places() {
            guard let place = places[event.session] else { continue }
            feeds[ObjectIdentifier(place.feed), default: (place.feed, [])].references.append(
                OwnerFeed.Reference(slot: place.slot, sequence: event.seq, number: event.position))
        }
        for (feed, references) in feeds.values { feed.restore(references) }
    }
}
