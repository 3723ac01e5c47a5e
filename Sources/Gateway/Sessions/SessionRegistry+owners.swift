import Locking
import MSNP
import Storage

extension SessionRegistry {
    /// The session with that ID, whoever's it is.
    func session(_ id: String) -> Session? {
        // What has another form is none, and is not looked up.
        guard Session.isID(id) else { return nil }
        let now = clock.uptime()
        return state.withLock { state in
            state.forgetExpired(now: now)
            return state.sessions[id]
        }
    }

    /// All sessions of a key that can be read, or everybody's where no owner is given.
    func sessions(of owner: Owner?) -> [Session] {
        let now = clock.uptime()
        return state.withLock { state in
            state.forgetExpired(now: now)
            guard let owner else { return Array(state.sessions.values) }
            return state.owned[owner].map { Array($0.values) } ?? []
        }
    }

    /// The feed of a key.
    func feed(of owner: Owner) -> OwnerFeed {
        state.withLock { state in
            if let feed = state.feeds[owner] { return feed }
            let kept = keeper.map { OwnerFeed.Kept(keeper: $0, owner: owner, head: $0.store.lastPosition) }
            let feed = OwnerFeed(limits: currentLimits, clock: clock, kept: kept)
            state.feeds[owner] = feed
            keepConsumers(of: feed, owner)
            if let stored = feed.stored { keep(stored, of: feed) }
            return feed
        }
    }

    /// Hands a new feed to the store; until that has it nobody is told a cursor of it.
    private func keep(_ stored: StoredFeed, of feed: OwnerFeed) {
        guard let keeper else { return }
        keeper.store.note([.put(stored)], under: nil)
        Task { [weak feed] in
            // Of a store that is closed nobody hears more.
            do throws(StoreError) { try await keeper.store.flush() } catch { return }
            feed?.noteWritten()
        }
    }

    /// What the feed's named readers commit is kept from now on, beside what was kept before.
    func keepConsumers(of feed: OwnerFeed, _ owner: Owner, _ known: [StoredFeedConsumer] = []) {
        guard let keeper, case .key(let id) = owner else { return }
        feed.readers.keepConsumers(known.map { ($0.name, $0.position) }) { name, position in
            keeper.store.note(
                [.put(StoredFeedConsumer(owner: id, name: name.text, position: position))], under: nil)
        }
    }

    /// The feed that a key had in another process, with the cursors and named readers that it had there.
    func restoreFeed(_ kept: OwnerFeed.Kept, _ consumers: [StoredFeedConsumer]) {
        let (owner, feed) = (kept.owner, OwnerFeed(limits: currentLimits, clock: clock, kept: kept))
        keepConsumers(of: feed, owner, consumers)
        state.withLock { $0.feeds[owner] = feed }
    }

    /// Takes a session into its owner's feed, once somebody has been told of it: attempts that fail are nobody's news.
    ///
    /// Callers without a key have nothing in common, and no feed. From here on the session outlives the process, where
    /// anything does, and comes back with that status.
    func publish(_ session: Session, status: Presence = .online) {
        if session.owner != .anonymous { feed(of: session.owner).join(session) }
        session.beginKeeping(status: status)
        keepTokens(of: session)
        // Whoever wanted it may have given it up in this moment, and then nobody else would ever have the store forget it.
        state.withLock { state in
            if state.sessions[session.id] == nil { session.endKeeping(session.leaveFeed()) }
        }
    }

    /// Takes over how fast the sessions of each key may send, those that are there among them.
    func takeOverPaces(of keys: APIKeyList) {
        var paces: [Owner: SendingPace] = [:]
        for key in keys.keys where key.pace != SendingPace() { paces[key.owner] = key.pace }
        let now = clock.uptime()
        state.withLock { state in
            guard state.paces != paces else { return }
            let before = state.paces
            state.paces = paces
            for owner in Set(before.keys).union(paces.keys) where before[owner] != paces[owner] {
                for session in (state.owned[owner] ?? [:]).values {
                    session.outbox.change(to: paces[owner] ?? SendingPace(), at: now)
                }
            }
        }
    }

    /// Begins to sign out all sessions of keys that are not among these.
    func signOut(exceptOf owners: Set<Owner>) {
        let feeds = state.withLock { state in
            let closed = state.feeds.filter { !owners.contains($0.key) }
            for owner in closed.keys { state.feeds[owner] = nil }
            return Array(closed.values)
        }
        for feed in feeds {
            feed.readers.close()
            // Under the lock with which sessions go, each of which has the feed written as it is without it.
            state.withLock { _ in
                let forgotten = feed.forget()
                if !forgotten.isEmpty { keeper?.store.note(forgotten, under: nil) }
            }
        }
        let sessions = state.withLock { state in
            state.owned.filter { !owners.contains($0.key) }.values.flatMap(\.values)
                .filter { $0.isReviving || !$0.hasEnded }
        }
        for session in sessions { signOut(session, .signedOut) }
    }
}
