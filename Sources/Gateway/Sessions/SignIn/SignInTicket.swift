import Locking

/// What one caller's attempt to sign in holds, so that it can be undone when the caller leaves or its time is up.
final class SignInTicket: Sendable {
    private enum State: Sendable {
        case idle
        /// Waits for a session that another caller's attempt is opening.
        case waiting(Session, UInt64)
        /// Has opened a session, and a token for it that the caller has not been told.
        case holding(Session, Token)
        /// Brings back a session that had ended.
        case reviving(Session)
        case over
    }

    private let state = Locked(State.idle)
    private let registry: SessionRegistry

    init(registry: SessionRegistry) {
        self.registry = registry
    }

    var isOver: Bool {
        state.withLock { state in
            if case .over = state { true } else { false }
        }
    }

    /// False when it is over: what was to be held has to be undone.
    func hold(_ session: Session, _ token: Token) -> Bool { become(.holding(session, token)) }

    /// False when it is over.
    func wait(for session: Session, _ number: UInt64) -> Bool { become(.waiting(session, number)) }

    /// False when it is over: the session is to stay as it was.
    func revive(_ session: Session) -> Bool { become(.reviving(session)) }

    /// Undoes what the attempt has done; nothing that it does later counts.
    func cancel() {
        let last: State = state.withLock { state in
            defer { state = .over }
            return state
        }
        switch last {
        case .idle, .over: break
        case .waiting(let session, let number): session.stopWaiting(number)
        case .reviving(let session): session.stopReviving()
        case .holding(let session, let token): Self.undo(session, token, registry)
        }
    }

    /// Takes the token back, and ends the session unless somebody else has been given one too.
    static func undo(_ session: Session, _ token: Token, _ registry: SessionRegistry) {
        guard !registry.revoke(token, of: session) else { return }
        registry.signOut(session, .signedOut)
        registry.discard(session)
    }

    private func become(_ next: State) -> Bool {
        state.withLock { state in
            if case .over = state { return false }
            state = next
            return true
        }
    }
}
