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
        /// The feed of each key that has opened a session or asked for it, as long as the key is good.
        var feeds: [Owner: OwnerFeed] = [:]
        /// Those that have not ended.
        var live: [LiveKey: Session] = [:]
        var tokens: [TokenDigest: Session] = [:]
        /// The one that was used least recently first.
        var tokensOfSession: [String: [TokenDigest]] = [:]
        /// How many streams each token holds open, which use it all the while.
        var streams: [TokenDigest: Int] = [:]
        var retired = RetiredTokens()
        /// Those that have ended here and whose connection has not.
        var leaving: [String: Session] = [:]
        /// Of those without a key.
        var livePerNetwork: [ClientNetwork: Int] = [:]
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

    // MARK: - Opening

    /// The live session of that key, or the one that `make` makes, of which there is never more than one.
    func claim(_ key: LiveKey, network: ClientNetwork, make: () -> Session) -> Claim {
        defer { scheduleSweep() }
        let now = clock.uptime()
        let limits = limits
        return state.withLock { state in
            guard !state.isClosed else { return .closed }
            // One that has just ended is on its way out, and its password with it.
            if let known = state.live[key], !known.hasEnded {
                known.use(at: now)
                return .known(known)
            }
            guard limits.sessions == 0 || state.live.count < limits.sessions else { return .full }
            guard runtime.connections.hasRoomForSession else { return .noRoom }
            let most = limits.sessionsPerAnonymousAddress
            if key.owner == .anonymous, most > 0, state.livePerNetwork[network, default: 0] >= most {
                return .tooManyFromAddress
            }
            let session = make()
            state.sessions[session.id] = session
            state.becomeLive(session)
            if key.owner != .anonymous { state.owned[key.owner, default: [:]][session.id] = session }
            return .new(session)
        }
    }

    /// Takes in a session of another process, which may have ended there some time ago.
    func restore(_ session: Session, endedBefore age: Duration) {
        let limits = limits
        let deadline = clock.uptime() + .seconds(limits.endedSessionAge) - age
        state.withLock { state in
            state.sessions[session.id] = session
            if session.owner != .anonymous { state.owned[session.owner, default: [:]][session.id] = session }
            guard session.hasEnded else { return state.becomeLive(session) }
            state.ended(session, until: deadline, limits)
        }
        scheduleSweep()
    }

    /// Gives the session one more token; the one that was used least recently goes when there are too many.
    ///
    /// So a script that signs in each minute pushes out its own tokens, and not that of a bot which polls or streams. Nil
    /// when the session is gone.
    func issueToken(for session: Session) -> Token? {
        let token = Token.generate()
        let limits = limits
        return state.withLock { state in
            guard state.sessions[session.id] != nil else { return nil }
            state.tokens[token.digest] = session
            var tokens = state.tokensOfSession[session.id, default: []]
            tokens.append(token.digest)
            while tokens.count > max(1, limits.tokensPerSession) {
                // The new one is no candidate, however many streams there are.
                let leaving = tokens.dropLast().firstIndex { state.streams[$0] == nil } ?? 0
                let digest = tokens.remove(at: leaving)
                state.tokens[digest] = nil
                session.noteToken(digest, used: nil)
            }
            state.tokensOfSession[session.id] = tokens
            state.noteTokens(of: session)
            return token
        }
    }

    /// Takes a token back that nobody was told; whether the session has others.
    func revoke(_ token: Token, of session: Session) -> Bool {
        state.withLock { state in
            state.tokens[token.digest] = nil
            state.tokensOfSession[session.id]?.removeAll { $0 == token.digest }
            session.noteToken(token.digest, used: nil)
            return state.tokensOfSession[session.id]?.isEmpty == false
        }
    }

    /// The session outlives the process from now on, and its tokens with it.
    func keepTokens(of session: Session) {
        guard keeper != nil else { return }
        state.withLock { $0.noteTokens(of: session) }
    }

    /// Takes over the tokens that a session had in another process; throws `StoreError` where one is none.
    func restoreTokens(_ tokens: [StoredToken], of session: Session) throws(StoreError) {
        var digests: [TokenDigest] = []
        for token in tokens.sorted(by: { $0.used < $1.used }) {
            guard let digest = TokenDigest(bytes: token.digest) else {
                throw .damaged("token.digest is not what belongs there")
            }
            digests.append(digest)
        }
        state.withLock { state in
            guard state.sessions[session.id] != nil else { return }
            for digest in digests { state.tokens[digest] = session }
            state.tokensOfSession[session.id] = digests
        }
    }

    // MARK: - Finding

    /// The session that a token opens.
    func find(_ digest: TokenDigest) -> Found {
        let now = clock.uptime()
        return state.withLock { state in
            state.forgetExpired(now: now)
            if let session = state.tokens[digest] {
                session.use(at: now)
                state.used(digest, of: session.id)
                return .session(session)
            }
            return state.retired.contains(digest) ? .retired : .nothing
        }
    }

    /// A stream that was opened with a token uses it until it ends.
    func streamBegan(_ digest: TokenDigest) {
        state.withLock { $0.streams[digest, default: 0] += 1 }
    }

    func streamEnded(_ digest: TokenDigest) {
        state.withLock { state in
            let left = state.streams[digest, default: 1] - 1
            state.streams[digest] = left > 0 ? left : nil
            if let session = state.tokens[digest] { state.used(digest, of: session.id) }
        }
    }

    /// Whether the gateway takes in no more sessions.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    // MARK: - Ending

    /// A session has ended: it can be read for a while and is no longer in the way of a new one.
    func sessionEnded(_ session: Session) {
        let limits = limits
        let deadline = clock.uptime() + .seconds(limits.endedSessionAge)
        state.withLock { state in
            state.noLongerLive(session)
            if session.owner == .anonymous {
                let network = session.openedFrom.network
                let left = state.livePerNetwork[network, default: 1] - 1
                state.livePerNetwork[network] = left > 0 ? left : nil
            }
            guard state.sessions[session.id] != nil else { return }
            state.ended(session, until: deadline, limits)
        }
        scheduleSweep()
    }

    /// Forgets an ended session some seconds from now, if that is sooner than it would be.
    func forget(_ session: Session, after seconds: Int) {
        let deadline = clock.uptime() + .seconds(seconds)
        state.withLock { state in
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
        state.withLock { $0.leaving[session.id] = session }
        session.end(reason)
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
        noLongerLive(session)
        owned[session.owner]?[id] = nil
        if owned[session.owner]?.isEmpty == true { owned[session.owner] = nil }
        for digest in tokensOfSession.removeValue(forKey: id) ?? [] {
            tokens[digest] = nil
            retired.insert(digest)
        }
        deadlines[id] = nil
        ended.remove(id)
    }

    /// Has the store know the tokens of a session in the order of their use.
    ///
    /// When one is issued, as that is when another may have to go: each use would be a row to write.
    fileprivate func noteTokens(of session: Session) {
        for (place, digest) in (tokensOfSession[session.id] ?? []).enumerated() {
            session.noteToken(digest, used: UInt64(place))
        }
    }

    /// Makes a token the last that has to go; there are few for each session, and mostly it is the last already.
    fileprivate mutating func used(_ digest: TokenDigest, of id: String) {
        guard tokensOfSession[id]?.last != digest, let index = tokensOfSession[id]?.firstIndex(of: digest) else {
            return
        }
        tokensOfSession[id]?.remove(at: index)
        tokensOfSession[id]?.append(digest)
    }

    mutating func forgetExpired(now: Duration) {
        guard let firstDeadline, firstDeadline <= now else { return }
        for id in deadlines.filter({ $0.value <= now }).keys { forget(id) }
        self.firstDeadline = deadlines.values.min()
    }
}
