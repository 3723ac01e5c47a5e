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

    /// Takes over the tokens that a session had in another process.
    func restoreTokens(_ tokens: [StoredToken], of session: Session) {
        let digests = tokens.sorted { $0.used < $1.used }.compactMap { TokenDigest(bytes: $0.digest) }
        state.withLock { state in
            state.tokenUses = max(state.tokenUses, tokens.map(\.used).max() ?? 0)
            guard state.sessions[session.id] != nil else { return }
            for digest in digests { state.tokens[digest] = session }
            state.tokensOfSession[session.id] = digests
        }
    }

    // MARK: - Finding

    /// The session that a token opens.
    func find(_ digest: TokenDigest) -> Found {
        let (now, most) = (clock.uptime(), limits.tokensPerSession)
        return state.withLock { state in
            state.forgetExpired(now: now)
            if let session = state.tokens[digest] {
                session.use(at: now)
                state.used(digest, of: session, most: most)
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
        let most = limits.tokensPerSession
        state.withLock { state in
            let left = state.streams[digest, default: 1] - 1
            state.streams[digest] = left > 0 ? left : nil
            if let session = state.tokens[digest] { state.used(digest, of: session, most: most) }
        }
    }
}

extension SessionRegistry.State {
    /// Has the store know the tokens of a session in the order of their use; those that hold a stream open are used now.
    fileprivate mutating func noteTokens(of session: Session) {
        let digests = tokensOfSession[session.id] ?? []
        for digest in digests where streams[digest] == nil { noteUse(of: digest, session) }
        for digest in digests where streams[digest] != nil { noteUse(of: digest, session) }
    }

    private mutating func noteUse(of digest: TokenDigest, _ session: Session) {
        tokenUses += 1
        session.noteToken(digest, used: tokenUses)
    }

    /// Makes a token the last that has to go; there are few for each session, and mostly it is the last already.
    ///
    /// The store is told when one is issued, as that is when another may have to go, and in between where this one would be
    /// among the first to go soon: after a crash it is not taken for one that nobody uses. Each use would be a row to write.
    ///
    /// - Parameter most: tokens of a session, beyond which one has to go.
    fileprivate mutating func used(_ digest: TokenDigest, of session: Session, most: Int) {
        guard var digests = tokensOfSession[session.id], digests.last != digest,
            let index = digests.firstIndex(of: digest)
        else { return }
        digests.append(digests.remove(at: index))
        tokensOfSession[session.id] = digests
        if digests.count * 2 >= most, index * 2 < digests.count { noteUse(of: digest, session) }
    }
}
