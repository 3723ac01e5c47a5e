import Locking
import Storage

/// The tokens that open sessions, in the order of their use.
extension SessionRegistry {
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
}

extension SessionRegistry.State {
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
}
