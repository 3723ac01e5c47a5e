import Locking
import MSNPClient

/// All sessions of the process, by ID and by what opens them.
final class SessionRegistry: Sendable {
    /// What makes two sign-ins the same.
    struct LiveKey: Hashable, Sendable {
        let owner: Owner
        let backend: String
        let account: String
    }

    private struct State: Sendable {
        var sessions: [String: Session] = [:]
        /// Those that have not ended.
        var live: [LiveKey: Session] = [:]
        var tokens: [TokenDigest: Session] = [:]
        /// Oldest first.
        var tokensOfSession: [String: [TokenDigest]] = [:]
        var livePerAddress: [String: Int] = [:]
        /// Ended sessions, oldest first.
        var ended: [String] = []
        var isClosed = false
    }

    /// What came of asking for a session.
    enum Claim: Sendable {
        case new(Session)
        case known(Session)
        case full
        case tooManyFromAddress
        case closed
    }

    private let limits: GatewayLimits
    private let runtime: ClientRuntime
    private let state = Locked(State())

    init(limits: GatewayLimits, runtime: ClientRuntime) {
        self.limits = limits
        self.runtime = runtime
    }

    // MARK: - Opening

    /// The live session of that key, or the one that `make` makes, of which there is never more than one.
    func claim(_ key: LiveKey, address: String, make: () -> Session) -> Claim {
        state.withLock { state in
            guard !state.isClosed else { return .closed }
            if let known = state.live[key] { return .known(known) }
            guard limits.sessions == 0 || state.live.count < limits.sessions else { return .full }
            let most = limits.sessionsPerAnonymousAddress
            if key.owner == .anonymous, most > 0, state.livePerAddress[address, default: 0] >= most {
                return .tooManyFromAddress
            }
            let session = make()
            state.sessions[session.id] = session
            state.live[key] = session
            state.livePerAddress[address, default: 0] += 1
            return .new(session)
        }
    }

    /// Gives the session one more token; the oldest goes when there are too many.
    func issueToken(for session: Session) -> Token {
        let token = Token.generate()
        state.withLock { state in
            state.tokens[token.digest] = session
            var tokens = state.tokensOfSession[session.id, default: []]
            tokens.append(token.digest)
            while tokens.count > max(1, limits.tokensPerSession) { state.tokens[tokens.removeFirst()] = nil }
            state.tokensOfSession[session.id] = tokens
        }
        return token
    }

    // MARK: - Finding

    /// The session that a token opens.
    func session(withToken digest: TokenDigest) -> Session? { state.withLock { $0.tokens[digest] } }

    var liveCount: Int { state.withLock { $0.live.count } }

    // MARK: - Ending

    /// A session has ended: it can be read for a while and is no longer in the way of a new one.
    func sessionEnded(_ session: Session) {
        let forgotten: [Session] = state.withLock { state in
            let key = Self.key(of: session)
            if state.live[key] === session { state.live[key] = nil }
            let left = state.livePerAddress[session.peer, default: 1] - 1
            state.livePerAddress[session.peer] = left > 0 ? left : nil
            guard state.sessions[session.id] != nil else { return [] }
            state.ended.append(session.id)
            var forgotten: [Session] = []
            while limits.endedSessions > 0, state.ended.count > limits.endedSessions {
                let oldest = state.ended.removeFirst()
                if let session = state.sessions[oldest] { forgotten.append(session) }
            }
            return forgotten
        }
        for session in forgotten { forget(session) }
        forget(session, after: limits.endedSessionAge)
    }

    /// Forgets an ended session some seconds from now.
    func forget(_ session: Session, after seconds: Int) {
        // The timer holds the ID alone: a session that is forgotten sooner is gone.
        runtime.schedule(after: .seconds(seconds)) { [id = session.id] in self.forget(id) }
    }

    /// Forgets a session at once, with its tokens; the attempt that made it failed.
    func forget(_ session: Session) { forget(session.id) }

    private func forget(_ id: String) {
        state.withLock { state in
            guard let session = state.sessions.removeValue(forKey: id) else { return }
            let key = Self.key(of: session)
            if state.live[key] === session { state.live[key] = nil }
            for digest in state.tokensOfSession.removeValue(forKey: id) ?? [] { state.tokens[digest] = nil }
            state.ended.removeAll { $0 == id }
        }
    }

    /// Takes in no more sessions, and gives those that are live.
    func close() -> [Session] {
        state.withLock { state in
            state.isClosed = true
            return Array(state.live.values)
        }
    }

    private static func key(of session: Session) -> LiveKey {
        LiveKey(owner: session.owner, backend: session.backend.name, account: session.accountKey)
    }
}
