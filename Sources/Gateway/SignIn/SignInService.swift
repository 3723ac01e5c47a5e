import Digests
import HTTPFront
import Locking
import Logging
import MSNP
import MSNPClient

/// Opens sessions: checks, slows down, finds the one that is there, or makes one and waits for it.
final class SignInService: Sendable {
    /// How the caller wants to wait.
    struct Waiting: Sendable {
        /// Seconds until 504.
        var seconds = GatewayLimits.signInWait
        /// `Prefer: respond-async`: the session at once, its sign-in under way.
        var respondsAtOnce = false
    }

    private let backends: [String: Backend]
    private let defaultBackend: Backend
    private let registry: SessionRegistry
    private let environment: SessionEnvironment
    private let throttle = Locked(SignInThrottle())

    init(backends: [Backend], registry: SessionRegistry, environment: SessionEnvironment) {
        precondition(!backends.isEmpty, "a gateway needs a backend")
        self.backends = Dictionary(backends.map { ($0.name, $0) }) { first, _ in first }
        defaultBackend = backends[0]
        self.registry = registry
        self.environment = environment
    }

    /// Signs in.
    ///
    /// Throws `Problem` for what can be said at once; the rest is in the outcome.
    func signIn(
        _ request: SignInRequest, owner: Owner, peer: PeerAddress, _ waiting: Waiting
    ) throws(Problem) -> Outcome {
        let backend: Backend
        if let name = request.backend {
            guard let named = backends[name] else {
                throw Problem(.unknownBackend, "There is no backend of that name; GET /v1 lists those there are.")
            }
            backend = named
        } else {
            backend = defaultBackend
        }
        let attempt = SignInThrottle.Key(backend: backend.name, account: request.account.folded, address: peer.ip)
        try slowDown(attempt)
        let key = SessionRegistry.LiveKey(owner: owner, backend: backend.name, account: request.account.folded)
        let claim = registry.claim(key, address: peer.ip) {
            Session(
                account: request.account, owner: owner, peer: peer.ip, backend: backend,
                password: request.password, environment: environment)
        }
        switch claim {
        case .closed: throw Self.shuttingDown
        case .full: throw Problem(.gatewayFull, "The gateway holds as many sessions as it may.").retrying(after: 60)
        case .tooManyFromAddress:
            throw Problem(.rateLimited, "There are too many sessions without a key from this address.")
                .retrying(after: 60)
        case .new(let session):
            session.start(account: request.account, status: request.status ?? .online)
            return open(session, request, attempt, waiting)
        case .known(let session):
            return try join(session, request, attempt, waiting)
        }
    }

    static let shuttingDown = Problem(.shuttingDown, "The gateway is shutting down.").retrying(after: 5)

    private static let tooSlow = Problem(.backendTimeout, "The server did not finish the sign-in in time.")

    private func slowDown(_ attempt: SignInThrottle.Key) throws(Problem) {
        let now = environment.clock.uptime()
        let delay = throttle.withLock { $0.delay(for: attempt, now: now) }
        guard delay > .zero else { return }
        throw Problem(.rateLimited, "Too many sign-ins of this account have failed from this address.")
            .retrying(after: Int(delay.components.seconds) + (delay.components.attoseconds > 0 ? 1 : 0))
    }

    // MARK: - A new session

    private func open(
        _ session: Session, _ request: SignInRequest, _ attempt: SignInThrottle.Key, _ waiting: Waiting
    ) -> Outcome {
        let token = registry.issueToken(for: session)
        let grant = SessionGrant(session: session, token: token, isKnown: false)
        if waiting.respondsAtOnce {
            _ = session.awaitSignIn { result in self.settle(session, request, attempt, result) { _ in } }
            return .ready(Self.accepted(grant))
        }
        return .wait(
            Outcome.Wait(
                timeout: .seconds(waiting.seconds),
                began: { reply in
                    _ = session.awaitSignIn { result in
                        self.settle(session, request, attempt, result) { problem in
                            if let problem {
                                self.registry.discard(session)
                                reply.answer(problem)
                            } else if !reply.answer(Self.created(grant)) {
                                // Nobody heard the token, so nobody could ever sign out.
                                self.cancel(session)
                            }
                        }
                    }
                },
                released: { release in
                    self.cancel(session)
                    switch release {
                    case .shuttingDown: return .failure(Self.shuttingDown)
                    case .timedOut:
                        return .failure(Self.tooSlow)
                    }
                },
                abandoned: { self.cancel(session) }))
    }

    /// What the outcome means for the next attempt, and the display name that was asked for.
    private func settle(
        _ session: Session, _ request: SignInRequest, _ attempt: SignInThrottle.Key, _ result: SignInResult,
        _ done: @escaping @Sendable (Problem?) -> Void
    ) {
        switch result {
        case .ended(let end):
            let problem = registry.isClosed ? Self.shuttingDown : Problem(signInEnded: end)
            if problem.code == .signInRefused {
                let now = environment.clock.uptime()
                throttle.withLock { $0.recordFailure(of: attempt, now: now) }
            }
            done(problem)
        case .online:
            throttle.withLock { $0.recordSuccess(of: attempt) }
            Task {
                await Self.apply(request, to: session, statusToo: false)
                done(nil)
            }
        }
    }

    private func cancel(_ session: Session) {
        session.end(.signedOut)
        registry.discard(session)
        Task { await session.signOut() }
    }

    // MARK: - A session that is there

    /// Compared with the live session's password, never with the server's: asking it might kick the live one.
    private func join(
        _ session: Session, _ request: SignInRequest, _ attempt: SignInThrottle.Key, _ waiting: Waiting
    ) throws(Problem) -> Outcome {
        guard session.password.matches(request.password) else {
            let now = environment.clock.uptime()
            throttle.withLock { $0.recordFailure(of: attempt, now: now) }
            throw Problem(signInEnded: .refused(911, command: "USR"))
        }
        throttle.withLock { $0.recordSuccess(of: attempt) }
        let registry = registry
        let token = registry.issueToken(for: session)
        let grant = SessionGrant(session: session, token: token, isKnown: true)
        if waiting.respondsAtOnce {
            Task { await Self.apply(request, to: session, statusToo: true) }
            return .ready(Self.accepted(grant))
        }
        let number = Locked<UInt64?>(nil)
        let stop: @Sendable () -> Void = {
            if let number = number.withLock({ $0 }) { session.stopWaiting(number) }
        }
        return .wait(
            Outcome.Wait(
                timeout: .seconds(waiting.seconds),
                began: { reply in
                    let waiter = session.awaitSignIn { result in
                        switch result {
                        case .ended(let end):
                            reply.answer(registry.isClosed ? Self.shuttingDown : Problem(signInEnded: end))
                        case .online:
                            Task {
                                await Self.apply(request, to: session, statusToo: true)
                                reply.answer(Self.joined(grant))
                            }
                        }
                    }
                    number.withLock { $0 = waiter }
                },
                released: { release in
                    stop()
                    switch release {
                    case .shuttingDown: return .failure(Self.shuttingDown)
                    case .timedOut:
                        return .failure(Self.tooSlow)
                    }
                },
                abandoned: stop))
    }

    // MARK: - Answers

    /// A name or status that the server refuses does not fail the sign-in: the answer shows what is.
    private static func apply(_ request: SignInRequest, to session: Session, statusToo: Bool) async {
        if let name = request.displayName { try? await session.rename(name) }
        if statusToo, let status = request.status, status != session.status { try? await session.setPresence(status) }
    }

    private static func created(_ grant: SessionGrant) -> Response {
        var response = Response.json(grant.body, status: 201)
        response.set("Location", "/v1/sessions/\(grant.session.id)")
        return response
    }

    private static func joined(_ grant: SessionGrant) -> Response {
        var response = created(grant)
        response.status = 200
        return response
    }

    private static func accepted(_ grant: SessionGrant) -> Response {
        var response = created(grant)
        response.status = 202
        response.add("Preference-Applied", "respond-async")
        return response
    }
}
