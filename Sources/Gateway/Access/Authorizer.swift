import ByteText
import HTTPFront

/// Decides who calls, and which session the call is about.
struct Authorizer: Sendable {
    /// What is known of a caller that may go on.
    struct Decision: Sendable {
        var caller = Caller.nobody
        /// Where the call is about one.
        var session: Session?
    }

    let registry: SessionRegistry
    /// Nil where there can be none.
    let keys: APIKeyStore?
    let access: Current<AccessRules>

    /// Throws `Problem` 401, 403 or 404; a session that isn't the caller's looks like one that does not exist.
    func authorize(
        _ access: Endpoint.Access, _ head: RequestHead, _ parameters: PathParameters
    ) throws(Problem) -> Decision {
        switch access {
        case .everyone: return Decision()
        case .everyoneAndAdmin:
            // Whoever is no admin is anybody, whatever he shows.
            guard case .key(let digest) = Credential(in: head), let key = keys?.find(digest), key.isAdmin else {
                return Decision()
            }
            return Decision(caller: .key(key))
        case .signIn: return Decision(caller: try mayOpen(head))
        case .operator: return Decision(caller: try mayOperate(head))
        case .caller:
            let caller = try known(head)
            if case .session(let session) = caller { return Decision(caller: caller, session: session) }
            return Decision(caller: caller)
        case .key:
            // A session's token is no key, and opens one session only.
            guard case .key(let digest) = Credential(in: head), let key = keys?.find(digest) else {
                throw Problem(.unauthorized, "The call needs an API key: it is about all of a key's sessions.")
            }
            return Decision(caller: .key(key))
        case .session, .sessionOrAdmin:
            let caller = try known(head)
            let id = parameters["sid"] ?? ""
            guard let session = session(id, of: caller, orOfAnybodyForAdmin: access == .sessionOrAdmin) else {
                throw Self.nothingHere
            }
            return Decision(caller: caller, session: session)
        }
    }

    /// What a caller gets; a stream uses the token that opened it for as long as it is open.
    func inUse(_ answer: Answer, _ head: RequestHead) -> Answer {
        guard case .stream(var streaming) = answer, case .token(let digest) = Credential(in: head) else {
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
    private func mayOpen(_ head: RequestHead) throws(Problem) -> Caller {
        guard head.headers.contains("Authorization") else {
            guard self.access.value.signIn.permitsAnonymous(head) else {
                throw Problem(.signInClosed, "Signing in without an API key is closed here.")
            }
            return .nobody
        }
        // Whoever shows credentials means them: wrong ones are not passed over.
        guard case .key(let digest) = Credential(in: head), let key = keys?.find(digest) else {
            throw Problem(.unauthorized, "These credentials can't open a session.")
        }
        return .key(key)
    }

    /// Who may do what belongs to the operator, and to loopback where that is open.
    private func mayOperate(_ head: RequestHead) throws(Problem) -> Caller {
        // That the sign-in is open to the world says nothing of this.
        if !head.headers.contains("Authorization"), self.access.value.signIn.permitsOperation(head) { return .nobody }
        guard case .key(let digest) = Credential(in: head), let key = keys?.find(digest), key.isAdmin else {
            throw Problem(.unauthorized, "The call needs an API key with the scope admin.")
        }
        return .key(key)
    }

    private func known(_ head: RequestHead) throws(Problem) -> Caller {
        switch Credential(in: head) {
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
        guard Session.isID(id) else { return nil }
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
