import Locking
import MSNP
import MSNPClient
import Storage

/// All sessions of the process, by ID and by what opens them.
final class SessionRegistry: Sendable {
    /// What makes two sign-ins the same.
    struct LiveKey: Hashable, Sendable {
        let owner: Owner
        let backend: String
        let account: HandleKey

        init(owner: Owner, backend: String, account: HandleKey) {
            self.owner = owner
            self.backend = backend
            self.account = account
        }

        init(_ session: Session) {
            self.init(owner: session.owner, backend: session.backend.name, account: session.accountKey)
        }
    }

    struct State: Sendable {
        var sessions: [String: Session] = [:]
        /// Those that a key opened, by ID, for each key.
        var owned: [Owner: [String: Session]] = [:]
        /// How fast the sessions of those keys may send that have a pace of their own.
        var paces: [Owner: SendingPace] = [:]
        /// The feed of each key that has opened a session or asked for it, as long as the key is good.
        var feeds: [Owner: OwnerFeed] = [:]
        /// Those that have not ended.
        var live: [LiveKey: Session] = [:]
        var tokens: [TokenDigest: Session] = [:]
        /// The one that was used least recently first.
        var tokensOfSession: [String: [TokenDigest]] = [:]
        /// Counts what the store is told of uses: the higher the number, the later the use.
        var tokenUses: UInt64 = 0
        /// How many streams each token holds open, which use it all the while.
        var streams: [TokenDigest: Int] = [:]
        var retired = RetiredTokens()
        /// Those that have ended here and whose connection has not.
        var leaving: [String: Session] = [:]
        /// Of those without a key.
        var livePerNetwork: [ClientNetwork: Int] = [:]
        /// Told of each session that nobody can read any more, under the registry's lock.
        var whenForgotten: (@Sendable (String) -> Void)?
        /// Those that have ended and that a sign-in of the same person brings back.
        var dormant: [LiveKey: Session] = [:]
        /// Those that a sign-in under way may bring back, with the uptime from which each is gone if it does not.
        var reviving: [String: Duration] = [:]
        /// From which uptime each ended session is gone.
        var deadlines: [String: Duration] = [:]
        /// Which ended sessions go first when there are too many.
        var ended = EndedSessions()
        /// The first of their deadlines, so that looking costs nothing while none is over.
        var firstDeadline: Duration?
        var isClosed = false
        var isSweepScheduled = false
    }

    /// What a token opens.
    enum Found: Sendable {
        case session(Session)
        /// One that was known once.
        case retired
        case nothing
    }

    /// What came of asking for a session.
    enum Claim: Sendable {
        case new(Session)
        case known(Session)
        /// It has ended, and comes back if the server accepts the sign-in.
        case dormant(Session)
        case full
        /// There is no connection to be had.
        case noRoom
        case tooManyFromAddress
        case closed
    }

    let currentLimits: Current<GatewayLimits>
    let runtime: ClientRuntime
    let clock: GatewayClock
    let journals: JournalBudget
    /// Where sessions outlive the process; nil where nothing does.
    let keeper: StateKeeper?
    let state = Locked(State())

    init(
        limits: Current<GatewayLimits>, runtime: ClientRuntime, clock: GatewayClock, journals: JournalBudget,
        keeper: StateKeeper? = nil
    ) {
        currentLimits = limits
        self.keeper = keeper
        self.runtime = runtime
        self.clock = clock
        self.journals = journals
    }

    var limits: GatewayLimits { currentLimits.value }

    /// Calls back with the ID of each session that nobody can read any more; `body` asks nothing of the registry.
    func onForgetting(_ body: @escaping @Sendable (String) -> Void) { state.withLock { $0.whenForgotten = body } }

    // MARK: - Opening

    /// The live session of that key, the ended one that may come back, or the one that `make` makes: never more than one.
    ///
    /// - Parameter revival: with which the caller begins to bring an ended one back, which is then in the way of others as a
    ///   live one is, until the session says how that ended; nil for a caller that only asks.
    func claim(_ key: LiveKey, network: ClientNetwork, revival: Revival?, make: () -> Session) -> Claim {
        defer { scheduleSweep() }
        let now = clock.uptime()
        let limits = limits
        return state.withLock { state in
            guard !state.isClosed else { return .closed }
            // One that has just ended is on its way out, and its password with it.
            if let known = state.live[key], known.isReviving || !known.hasEnded {
                known.use(at: now)
                return .known(known)
            }
            guard limits.sessions == 0 || state.live.count < limits.sessions else { return .full }
            guard runtime.connections.hasRoomForSession else { return .noRoom }
            let most = limits.sessionsPerAnonymousAddress
            if key.owner == .anonymous, most > 0, state.livePerNetwork[network, default: 0] >= most {
                return .tooManyFromAddress
            }
            if let session = state.dormant[key], session.canBeRevived {
                guard let revival else { return .dormant(session) }
                // Both at once: nobody finds it in between, neither here nor there.
                if session.beginRevival(revival) {
                    state.beginRevival(of: session)
                    return .dormant(session)
                }
            }
            let session = make()
            if let pace = state.paces[key.owner] { session.outbox.change(to: pace, at: now) }
            state.sessions[session.id] = session
            state.becomeLive(session)
            if key.owner != .anonymous { state.owned[key.owner, default: [:]][session.id] = session }
            return .new(session)
        }
    }

    /// How many more sessions an address may have without a key; nil where there is no such limit.
    func limit(of network: ClientNetwork) -> ServiceLimit? {
        let most = limits.sessionsPerAnonymousAddress
        guard most > 0 else { return nil }
        let live = state.withLock { $0.livePerNetwork[network, default: 0] }
        return ServiceLimit(name: .sessions, quota: most, remaining: max(0, most - live))
    }

    /// Takes in a session of another process, which may have ended there some time ago.
    ///
    /// - Parameter deleted: how long ago somebody wanted that; nil where nobody did.
    func restore(_ session: Session, endedBefore age: Duration, deletedBefore deleted: Duration?) {
        let (limits, now) = (limits, clock.uptime())
        let last = now + .seconds(limits.endedSessionAge) - age
        let deadline = deleted.map { min(last, now + .seconds(limits.deletedSessionAge) - $0) } ?? last
        state.withLock { state in
            state.sessions[session.id] = session
            if let pace = state.paces[session.owner] { session.outbox.change(to: pace, at: now) }
            if session.owner != .anonymous { state.owned[session.owner, default: [:]][session.id] = session }
            guard session.hasEnded else { return state.becomeLive(session) }
            state.ended(session, until: deadline, limits)
            state.becomeDormant(session)
        }
        scheduleSweep()
    }

    /// The server has accepted the sign-in that brings it back.
    func revived(_ session: Session) {
        state.withLock { _ = $0.reviving.removeValue(forKey: session.id) }
    }

    /// Whether the gateway takes in no more sessions.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    // MARK: - Ending

    /// A session has ended, or could not be brought back: it can be read for a while and is no longer in the way of a new one.
    ///
    /// - Parameter settle: what the session does at the same moment, so that nobody finds one done and not the other; it asks
    ///   nothing of the registry.
    func sessionEnded(_ session: Session, _ settle: () -> Void = {}) {
        let limits = limits
        let deadline = clock.uptime() + .seconds(limits.endedSessionAge)
        state.withLock { state in
            settle()
            state.noLongerLive(session)
            if session.owner == .anonymous {
                let network = session.openedFrom.network
                let left = state.livePerNetwork[network, default: 1] - 1
                state.livePerNetwork[network] = left > 0 ? left : nil
            }
            let before = state.reviving.removeValue(forKey: session.id)
            guard state.sessions[session.id] != nil else { return }
            state.ended(session, until: before ?? deadline, limits)
            state.becomeDormant(session)
        }
        scheduleSweep()
    }

    /// Forgets an ended session some seconds from now, if that is sooner than it would be.
    private func forget(_ session: Session, after seconds: Int) {
        let deadline = clock.uptime() + .seconds(seconds)
        state.withLock { state in
            // Whoever ends it does not want it back.
            state.noLongerDormant(session)
            if let known = state.reviving[session.id] { state.reviving[session.id] = min(known, deadline) }
            guard let known = state.deadlines[session.id] else { return }
            state.deadlines[session.id] = min(known, deadline)
            state.firstDeadline = min(state.firstDeadline ?? deadline, deadline)
        }
    }

    /// Forgets a session at once: the attempt that made it failed, and nobody was told its token.
    func discard(_ session: Session) {
        state.withLock { state in
            for digest in state.tokensOfSession.removeValue(forKey: session.id) ?? [] { state.tokens[digest] = nil }
            state.forget(session.id)
        }
    }

    /// Takes in no more sessions.
    func stopAdmitting() { state.withLock { $0.isClosed = true } }

    /// The sessions that have a connection, or are about to: the live ones and those that are signing out.
    var connected: [Session] { state.withLock { Array($0.live.values) + Array($0.leaving.values) } }

    /// Ends a session with the gateway's own reason and signs it out; the task is over when its connection is closed.
    ///
    /// The order matters. It is noted first: a gateway that stops in between waits for it. Once it has ended nobody gives it a
    /// client any more, so that signing out finds the last one.
    @discardableResult
    func signOut(_ session: Session, _ reason: SessionReason) -> Task<Void, Never> {
        signOut(session) { session.end(reason) }
    }

    /// The same as somebody wants it, also of one that has ended; it can be read for some seconds and never comes back.
    func delete(_ session: Session) async {
        await signOut(session) { session.delete() }.value
        forget(session, after: limits.deletedSessionAge)
    }

    private func signOut(_ session: Session, _ end: () -> Void) -> Task<Void, Never> {
        state.withLock { $0.leaving[session.id] = session }
        end()
        return Task(executorPreference: session.owed.executor) {
            await session.signOut()
            self.state.withLock { $0.leaving[session.id] = nil }
        }
    }
}

extension SessionRegistry.State {
    fileprivate mutating func becomeLive(_ session: Session) {
        live[SessionRegistry.LiveKey(session)] = session
        if session.owner == .anonymous { livePerNetwork[session.openedFrom.network, default: 0] += 1 }
    }

    fileprivate mutating func becomeDormant(_ session: Session) {
        if session.canBeRevived { dormant[SessionRegistry.LiveKey(session)] = session }
    }

    fileprivate mutating func noLongerDormant(_ session: Session) {
        let key = SessionRegistry.LiveKey(session)
        if dormant[key] === session { dormant[key] = nil }
    }

    /// It is not forgotten while somebody signs in for it.
    fileprivate mutating func beginRevival(of session: Session) {
        noLongerDormant(session)
        becomeLive(session)
        reviving[session.id] = deadlines.removeValue(forKey: session.id) ?? .zero
        ended.remove(session.id)
    }

    /// It can be read until then, or until there are too many.
    fileprivate mutating func ended(_ session: Session, until deadline: Duration, _ limits: GatewayLimits) {
        deadlines[session.id] = deadline
        firstDeadline = min(firstDeadline ?? deadline, deadline)
        let gone = ended.insert(
            session.id, of: SessionHolder(session), most: limits.endedSessions,
            mostForNetwork: limits.endedSessionsPerAnonymousAddress)
        for id in gone { forget(id) }
    }

    fileprivate mutating func noLongerLive(_ session: Session) {
        let key = SessionRegistry.LiveKey(session)
        if live[key] === session { live[key] = nil }
    }

    fileprivate mutating func forget(_ id: String) {
        guard let session = sessions.removeValue(forKey: id) else { return }
        session.endKeeping(session.leaveFeed())
        whenForgotten?(id)
        noLongerLive(session)
        noLongerDormant(session)
        owned[session.owner]?[id] = nil
        if owned[session.owner]?.isEmpty == true { owned[session.owner] = nil }
        for digest in tokensOfSession.removeValue(forKey: id) ?? [] {
            tokens[digest] = nil
            retired.insert(digest)
        }
        deadlines[id] = nil
        ended.remove(id)
    }

    mutating func forgetExpired(now: Duration) {
        guard let firstDeadline, firstDeadline <= now else { return }
        for id in deadlines.filter({ $0.value <= now }).keys { forget(id) }
        self.firstDeadline = deadlines.values.min()
    }
}
