import Locking
import MSNP
import MSNPClient
import Storage
import Synchronization

/// What the store has of a session.
///
/// An object, as where nothing outlives the process each session would have 100 bytes for it. It is the state's part, and like
/// that touched behind the session's lock alone (`@unchecked Sendable`).
final class KeptSession: @unchecked Sendable {
    /// What stands in its record and changes while it lives.
    struct Facts: Equatable, Sendable {
        let hasEnded: Bool
        let deletedAt: Timestamp?
        let reason: SessionReason?
        let status: Presence
        let displayName: String
        let isKept: Bool
    }

    /// As they were written last; nil before.
    var facts: Facts?
    /// The status that it is to come back with.
    var status: Presence
    /// When it was used last, if nobody has used it since it was taken up at that uptime, in milliseconds; nil for one of this
    /// process.
    var usedBefore: (at: Int64, uptime: Int64)?
    /// The password; nil where none is kept.
    var sealed: SealedPassword?
    /// As much of it waits to be written as may wait.
    var isFull = false

    init(status: Presence) { self.status = status }
}

/// How a session's events and what changed of it get into the store, and what of them readers may see.
extension Session {
    /// Somebody is told of the session from now on: it outlives the process, with all that has happened so far.
    ///
    /// Attempts to sign in that fail are nobody's news, and nothing of them is ever written.
    func beginKeeping(status: Presence) {
        guard let keeper = environment.state else { return }
        keeper.join(self)
        state.withLock { state in
            guard state.kept == nil else { return }
            state.kept = KeptSession(status: status)
            state.record.beginSaving()
            hand(&state, to: keeper)
        }
        keepConsumers()
    }

    /// Hands over what the store has not had; under the lock, so that it is in order, and without waiting.
    ///
    /// One commit writes all of it, or none.
    func hand(_ state: inout State, to keeper: StateKeeper) {
        guard state.kept != nil else { return }
        let changes = changes(&state, keeper)
        let (first, events) = state.record.handEvents()
        guard !events.isEmpty || !changes.isEmpty else { return }
        let outcome = keeper.store.take(
            events, from: first, of: SessionID(id), with: changes, under: keeper.tenure)
        guard outcome == .takenAndFull else { return }
        state.kept?.isFull = true
        state.client?.hold(true)
    }

    /// The records that are not in the store as they are.
    private func changes(_ state: inout State, _ keeper: StateKeeper) -> [RecordChange] {
        guard let status = state.kept?.status else { return [] }
        let facts = KeptSession.Facts(
            hasEnded: state.record.hasEnded, deletedAt: state.record.deletedAt, reason: state.record.reason,
            status: state.record.status == .offline ? status : state.record.status,
            displayName: state.record.displayName, isKept: isKept)
        let news = state.record.takeUnsaved(of: SessionID(id))
        guard facts != state.kept?.facts else { return news }
        state.kept?.facts = facts
        return [.put(stored(facts, &state, keeper))] + news
    }

    /// The session as it is kept.
    private func stored(_ facts: KeptSession.Facts, _ state: inout State, _ keeper: StateKeeper) -> StoredSession {
        let owner: String? = if case .key(let id) = owner { id } else { nil }
        var stored = StoredSession(
            id: SessionID(id), owner: owner, backend: backend.name, account: account, epoch: epoch,
            createdAt: createdAt.milliseconds, openedFrom: "\(openedFrom)", wantedStatus: facts.status.name,
            displayName: facts.displayName)
        stored.reason = facts.reason?.rawValue
        // A start uses nothing: the next one is to know who comes first, too.
        let unused = state.kept?.usedBefore.flatMap { lastUse.load(ordering: .relaxed) == $0.uptime ? $0.at : nil }
        stored.usedAt = unused ?? usedAt
        stored.isKept = facts.isKept
        state.kept?.status = facts.status
        if facts.hasEnded {
            stored.state = .ended
            stored.endedAt = state.record.endedAt?.milliseconds
            stored.deletedAt = facts.deletedAt?.milliseconds
            state.kept?.sealed = nil
        } else if state.kept?.sealed == nil {
            // Once: with each new nonce less of the key's life would be left.
            state.kept?.sealed = keeper.sealing?.seal(state.password, for: SealingContext(stored))
        }
        stored.sealed = state.kept?.sealed
        return stored
    }

    /// Readers may look as far as that: on the store's thread, before anybody hears that it is written.
    ///
    /// Its place in its owner's feed, where it has one.
    func wrote(through sequence: UInt64, _ notes: inout OwedNotes) -> FeedPlace? {
        let uptime = environment.clock.uptime()
        var growth = 0
        let (isNews, news, place) = state.withLock { state -> (Bool, Readers.News?, FeedPlace?) in
            let before = state.record.journal.written
            state.record.wrote(through: sequence)
            guard state.record.journal.written > before else { return (false, nil, state.feedPlace) }
            // An end is told to everybody, whatever they wait for.
            let isEnd = state.record.hasEnded && state.record.journal.isWritten
            let news = isEnd ? nil : Readers.News(state.record.journal, after: before)
            // What was held as it was nowhere else need be held no longer.
            state.record.dropOldEvents(at: uptime)
            growth = state.takeGrowth()
            return (true, news, state.feedPlace)
        }
        account(growth)
        if isNews { readers.note(self, news, on: owed, with: &notes) }
        return place
    }

    /// A token of it is good, and the last but so many that was used; or, without a place, good no more.
    func noteToken(_ digest: TokenDigest, used: UInt64?) {
        guard let keeper = environment.state else { return }
        let stored = StoredToken(session: SessionID(id), digest: digest.bytes, used: used ?? 0)
        state.withLock { state in
            guard state.kept != nil else { return }
            keeper.store.note([used == nil ? .remove(stored.key) : .put(stored)], under: keeper.tenure)
        }
    }

    /// What its named readers commit is kept from now on, beside what was kept before.
    func keepConsumers(_ known: [StoredConsumer] = []) {
        guard let keeper = environment.state else { return }
        let session = SessionID(id)
        readers.keepConsumers(known.map { ($0.name, $0.seq) }) { [weak self] name, position in
            guard let self else { return }
            self.state.withLock { state in
                guard state.kept != nil else { return }
                keeper.store.note(
                    [.put(StoredConsumer(session: session, name: name.text, seq: position))], under: keeper.tenure)
            }
        }
    }

    /// There is room again for what its servers say.
    func relieve() {
        state.withLock { state in
            state.kept?.isFull = false
            state.client?.hold(false)
        }
    }

    /// Whether so much of it waits to be written that nothing more is to happen.
    var isFull: Bool { state.withLock { $0.kept?.isFull ?? false } }

    /// Nobody can read it any more: the store forgets it.
    ///
    /// - Parameter feed: the feed of its key, as it is without the session: one commit writes both.
    func endKeeping(_ feed: StoredFeed?) {
        guard let keeper = environment.state else { return }
        state.withLock { state in
            guard state.kept != nil else { return }
            state.kept = nil
            let change: [RecordChange] = feed.map { [.put($0)] } ?? []
            keeper.store.note(change + [.removeSession(SessionID(id))], under: keeper.tenure)
        }
        keeper.leave(id)
    }
}

/// A session that was there in another process, and one that goes on in the next.
extension Session {
    /// Takes up what the store has of it, before anybody else knows of it.
    ///
    /// - Parameter sealing: the key that seals now; a password under another is sealed anew with the next record.
    func restore(_ stored: StoredSession, _ kept: KeptRecords, through last: UInt64, sealing: SealingKeyID?) {
        let uptime = environment.clock.uptime()
        let growth = state.withLock { state in
            state.record.restore(stored, through: last)
            state.record.resume(kept, uptime: uptime)
            state.kept = KeptSession(status: Presence.settable[stored.wantedStatus] ?? .online)
            state.kept?.usedBefore = (stored.usedAt, lastUse.load(ordering: .relaxed))
            self.kept.store(stored.isKept, ordering: .relaxed)
            if stored.sealed?.key == sealing { state.kept?.sealed = stored.sealed }
            return state.takeGrowth()
        }
        account(growth)
        environment.state?.join(self)
        keepConsumers(kept.consumers)
    }

    /// What was under way is unconfirmed: nobody will hear what became of it.
    func leaveUnconfirmed() {
        change { $0.leaveUnconfirmed(at: environment.clock.now, uptime: environment.clock.uptime()) }
    }

    /// It is away, as the gateway was, until it has signed in again.
    func awaitReturn() {
        let now = environment.clock.now
        change { $0.awaitReturn(now) }
    }

    /// Signs in again, with the status that it had.
    func comeBack() {
        guard let status = state.withLock({ $0.kept?.status }) else { return }
        start(status: status, isReturn: true)
    }

    /// Whether the next process will know it.
    var isKeptForNext: Bool { state.withLock { $0.kept != nil && !$0.record.hasEnded } }

    /// Signs out at the server, and stays a session: the next process takes it up.
    func suspend() async {
        change { $0.suspend(at: environment.clock.now, uptime: environment.clock.uptime()) }
        await signOut()
    }
}
