import ByteText
import HTTPFront

/// Decides who calls, and which session the call is about.
struct Authorizer: Sendable {
    /// What is known of a caller that may go on.
    struct Decision: Sendable {
        let caller: Caller
        /// The one that a key's owner asks about.
        private let named: Session?

        init(_ caller: Caller = .nobody, about session: Session? = nil) {
            self.caller = caller
            // Held once: a session that is known weakly costs twice as much to hold.
            if case .session = caller { named = nil } else { named = session }
        }

        /// Where the call is about one: a token opens one session, and whoever calls with it asks about that.
        var session: Session? {
            if case .session(let session) = caller { session } else { named }
        }
    }

    let registry: SessionRegistry
    /// Nil where there can be none.
    let keys: APIKeyStore?

    /// Throws `Problem` 401, 403 or 404; a session that isn't the caller's looks like one that does not exist.
    func authorize(_ request: KnownRequest, _ head: RequestHead) throws(Problem) -> Decision {
        let access = request.endpoint.access
        switch access {
        case .everyone: return Decision()
        case .everyoneAndAdmin:
            // Whoever is no admin is anybody, whatever he shows.
            guard case .key(let digest) = request.credential, let key = keys?.find(digest), key.isAdmin else {
                return Decision()
            }
            return Decision(.key(key))
        case .signIn: return Decision(try mayOpen(request, head))
        case .operator: return Decision(try mayOperate(request, head))
        case .caller:
            return Decision(try known(request.credential))
        case .key:
            // A session's token is no key, and opens one session only.
            guard case .key(let digest) = request.credential, let key = keys?.find(digest) else {
                throw Problem(.unauthorized, "The call needs an API key: it is about all of a key's sessions.")
            }
            return Decision(.key(key))
        case .session, .sessionOrAdmin:
            let caller = try known(request.credential)
            guard let id = request.sessionID,
                let session = session(id, of: caller, orOfAnybodyForAdmin: access == .sessionOrAdmin)
            else {
                throw Self.nothingHere
            }
            return Decision(caller, about: session)
        }
    }

    /// What a caller gets; a stream uses the token that opened it for as long as it is open.
    func inUse(_ answer: Answer, by credential: Credential?) -> Answer {
        guard case .stream(var streaming) = answer, case .token(let digest) = credential else {
            return answer
        }
        let (began, ended) = (streaming.began, streaming.ended)
        streaming.began = {
            registry.streamBegan(digest)
            began($0)
        }
        streaming.ended = {
            ended()
            registry.streamEnded(digest)
        }
        return .stream(streaming)
    }

    /// Who may sign in: a key, or nobody in particular where that is open.
    private func mayOpen(_ request: KnownRequest, _ head: RequestHead) throws(Problem) -> Caller {
        guard head.headers.contains("Authorization") else {
            guard request.rules.signIn.permitsAnonymous(head) else {
                throw Problem(.signInClosed, "Signing in without an API key is closed here.")
            }
            return .nobody
        }
        // Whoever shows credentials means them: wrong ones are not passed over.
        guard case .key(let digest) = request.credential, let key = keys?.find(digest) else {
            throw Problem(.unauthorized, "These credentials can't open a session.")
        }
        return .key(key)
    }

    /// Who may do what belongs to the operator, and to loopback where that is open.
    private func mayOperate(_ request: KnownRequest, _ head: RequestHead) throws(Problem) -> Caller {
        // That the sign-in is open to the world says nothing of this.
        if !head.headers.contains("Authorization"), request.rules.signIn.permitsOperation(head) { return .nobody }
        guard case .key(let digest) = request.credential, let key = keys?.find(digest), key.isAdmin else {
            throw Problem(.unauthorized, "The call needs an API key with the scope admin.")
        }
        return .key(key)
    }

    private func known(_ credential: Credential?) throws(Problem) -> Caller {
        switch credential {
        case nil: throw Self.unauthorized
        case .key(let digest):
            guard let key = keys?.find(digest) else { throw Self.unauthorized }
            return .key(key)
        case .token(let digest):
            switch registry.find(digest) {
            case .nothing: throw Self.unauthorized
            case .retired: throw Problem(.notFound, "The session is gone.")
            case .session(let session): return .session(session)
            }
        }
    }

    private func session(_ id: Substring, of caller: Caller, orOfAnybodyForAdmin: Bool) -> Session? {
        switch caller {
        case .nobody: return nil
        case .session(let session): return ASCII.equals(id, session.id) ? session : nil
        case .key(let key):
            guard let session = registry.session(String(id)) else { return nil }
            return session.owner == key.owner || (orOfAnybodyForAdmin && key.isAdmin) ? session : nil
        }
    }

    static let unauthorized = Problem(
        .unauthorized, "The call needs the token of a session, or the API key that opened it.")
    private static let nothingHere = Problem(.notFound, "There is nothing at this path.")
}
