import ByteText
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

    /// One caller's attempt.
    private struct Attempt: Sendable {
        let request: SignInRequest
        let backend: Backend
        let owner: Owner
        let client: ClientAddress
        let waiting: Waiting

        /// What failures are counted for.
        var counted: SignInAttempt {
            let source: SignInSource =
                switch owner {
                case .anonymous: .network(client.network)
                case .key(let id): .key(id: id)
                }
            return SignInAttempt(
                account: SignInAccount(
                    backend: ByteText(backend.name), account: FoldedText(request.account.spelling)),
                source: source)
        }

        var liveKey: SessionRegistry.LiveKey {
            SessionRegistry.LiveKey(owner: owner, backend: backend.name, account: request.account.folded)
        }
    }

    /// How long a sign-in that has succeeded waits for the name and status that it asked for: some servers never answer
    /// `REA`, and that must not fail it.
    private static let wishesPatience: Duration = .seconds(5)

    static let shuttingDown = Problem(.shuttingDown, "The gateway is shutting down.").retrying(after: 5)
    private static let tooSlow = Problem(.backendTimeout, "The server did not finish the sign-in in time.")

    private let backends: Words<Backend>
    private let defaultBackend: Backend
    private let registry: SessionRegistry
    private let environment: SessionEnvironment
    private let throttle = Locked(SignInThrottle())

    init(backends: [Backend], registry: SessionRegistry, environment: SessionEnvironment) {
        precondition(!backends.isEmpty, "a gateway needs a backend")
        self.backends = Words(backends, \.name)
        defaultBackend = backends[0]
        self.registry = registry
        self.environment = environment
    }

    /// Signs in.
    ///
    /// Throws `Problem` for what can be said at once; the rest is in the outcome.
    func signIn(
        _ request: SignInRequest, owner: Owner, client: ClientAddress, _ waiting: Waiting
    ) throws(Problem) -> Answer {
        let backend = try backend(named: request.backend)
        let attempt = Attempt(request: request, backend: backend, owner: owner, client: client, waiting: waiting)
        if waiting.respondsAtOnce, let grant = try openAtOnce(attempt) {
            return .now(answer(grant, attempt, status: 202))
        }
        let ticket = SignInTicket(registry: registry)
        return .park(
            ParkedRequest(
                timeout: .seconds(waiting.seconds),
                began: { parked in self.pursue(attempt, ticket, parked) },
                released: { release -> Result<Response, Problem> in
                    ticket.cancel()
                    return .failure(release == .shuttingDown ? Self.shuttingDown : Self.tooSlow)
                },
                abandoned: { ticket.cancel() }))
    }

    // MARK: - Checks

    private func backend(named name: ByteText?) throws(Problem) -> Backend {
        guard let name else { return defaultBackend }
        guard let backend = backends[name.text] else {
            throw Problem(.unknownBackend, "There is no backend of that name; GET /v1 lists those there are.")
        }
        return backend
    }

    /// What a sign-in has found or made.
    private enum Found {
        case new(Session)
        case known(Session)
        /// It has ended, and its password with it.
        case dormant(Session)
    }

    private func claim(_ attempt: Attempt, revives: Bool) throws(Problem) -> Found {
        let now = environment.clock.uptime()
        let refusal = throttle.withLock { throttle -> (delay: Duration, limit: ServiceLimit)? in
            let delay = throttle.delay(for: attempt.counted, now: now)
            guard delay > .zero else { return nil }
            return (delay, throttle.exceeded(by: attempt.counted, delay: delay, now: now))
        }
        if let refusal {
            throw Problem(.rateLimited, "Too many sign-ins of this account, or from this address or key, have failed.")
                .retrying(after: refusal.delay).exceeding(refusal.limit)
        }
        let revival = revives ? Revival(password: attempt.request.password, status: attempt.request.status) : nil
        let claim = registry.claim(attempt.liveKey, network: attempt.client.network, revival: revival) {
            Session(
                account: attempt.request.account, owner: attempt.owner, openedFrom: attempt.client,
                backend: attempt.backend, password: attempt.request.password, environment: environment)
        }
        switch claim {
        case .closed: throw Self.shuttingDown
        case .full: throw Problem(.gatewayFull, "The gateway holds as many sessions as it may.").retrying(after: 60)
        case .noRoom:
            environment.runtime.connections.noteRefusal()
            throw Problem.noRoom
        case .tooManyFromAddress:
            throw Problem(.rateLimited, "There are too many sessions without a key from this address.")
                .retrying(after: 60).exceeding(registry.limit(of: attempt.client.network) ?? .reached(.sessions))
        case .new(let session): return .new(session)
        case .known(let session): return .known(session)
        case .dormant(let session): return .dormant(session)
        }
    }

    /// Whoever has this token may have asked for the session to be kept.
    private func issueToken(for session: Session, _ attempt: Attempt) -> Token? {
        guard let token = registry.issueToken(for: session) else { return nil }
        if attempt.request.isKept { session.keep() }
        return token
    }

    // MARK: - Waiting for the outcome

    /// Opens the session, joins the one that is there, or waits for the one that another caller is opening.
    private func pursue(_ attempt: Attempt, _ ticket: SignInTicket, _ parked: ParkedRequest) {
        guard !ticket.isOver else { return }
        do throws(Problem) {
            switch try claim(attempt, revives: true) {
            case .new(let session): open(session, attempt, ticket, parked)
            case .dormant(let session): revive(session, attempt, ticket, parked)
            case .known(let session):
                if session.hasBeenOnline, try isSame(session, attempt) {
                    join(session, attempt, ticket, parked)
                } else {
                    // Whether its password is right is not known before the server says so.
                    whenSettled(session, ticket) { _ in self.pursue(attempt, ticket, parked) }
                }
            }
        } catch {
            parked.answer(error)
        }
    }

    private func open(_ session: Session, _ attempt: Attempt, _ ticket: SignInTicket, _ parked: ParkedRequest) {
        guard let token = issueToken(for: session, attempt) else {
            parked.answer(Self.shuttingDown)
            return
        }
        guard ticket.hold(session, token) else {
            SignInTicket.undo(session, token, registry)
            return
        }
        _ = session.awaitSignIn { result in
            switch result {
            case .ended(let end):
                let problem = self.problem(end, attempt)
                self.registry.discard(session)
                // Whoever gave it up has answered, or is about to.
                if !ticket.isOver { parked.answer(problem) }
            case .online:
                self.throttle.withLock { $0.recordSuccess(of: attempt.counted) }
                self.registry.publish(session, status: attempt.request.status ?? .online)
                self.fulfilWishes(attempt.request, session, isNew: true) {
                    parked.answer(self.answer(SessionGrant(session: session, token: token), attempt, status: 201))
                }
            }
        }
        session.start(status: attempt.request.status ?? .online)
    }

    /// Brings back a session whose password was not kept, if the server accepts this one.
    private func revive(_ session: Session, _ attempt: Attempt, _ ticket: SignInTicket, _ parked: ParkedRequest) {
        session.revive { result in
            switch result {
            // Somebody has given up: this caller, who has their answer, or whoever had begun it, and this one still waits.
            case .ended(.signedOut): self.pursue(attempt, ticket, parked)
            case .ended(let end): parked.answer(self.problem(end, attempt))
            case .online:
                self.registry.revived(session)
                self.throttle.withLock { $0.recordSuccess(of: attempt.counted) }
                guard let token = self.issueToken(for: session, attempt) else {
                    parked.answer(Self.shuttingDown)
                    return
                }
                self.fulfilWishes(attempt.request, session, isNew: true) {
                    parked.answer(self.answer(SessionGrant(session: session, token: token), attempt, status: 200))
                }
            }
        }
        if !ticket.revive(session) { session.stopReviving() }
    }

    /// With the password of the live session.
    private func join(_ session: Session, _ attempt: Attempt, _ ticket: SignInTicket, _ parked: ParkedRequest) {
        session.noteWaiting()
        whenSettled(session, ticket) { result in
            guard case .online = result, let token = self.issueToken(for: session, attempt) else {
                // It has ended meanwhile, and is in nobody's way any more.
                self.pursue(attempt, ticket, parked)
                return
            }
            self.fulfilWishes(attempt.request, session, isNew: false) {
                parked.answer(self.answer(SessionGrant(session: session, token: token), attempt, status: 200))
            }
        }
    }

    private func whenSettled(
        _ session: Session, _ ticket: SignInTicket, _ body: @escaping @Sendable (SignInResult) -> Void
    ) {
        guard let number = session.awaitSignIn(body) else { return }
        if !ticket.wait(for: session, number) { session.stopWaiting(number) }
    }

    /// Compares with the live session's password, never with the server's: asking it might kick the live one.
    ///
    /// False for a session that has ended or may come back: it has no password to compare with. Throws where it is another.
    private func isSame(_ session: Session, _ attempt: Attempt) throws(Problem) -> Bool {
        let isRight = session.password.matches(attempt.request.password)
        guard !session.hasEnded, !session.isReviving else { return false }
        guard !isRight else {
            throttle.withLock { $0.recordSuccess(of: attempt.counted) }
            return true
        }
        let now = environment.clock.uptime()
        throttle.withLock { $0.recordFailure(of: attempt.counted, now: now) }
        var problem = Problem(signInEnded: .refused(911, command: "USR"))
        problem.limits = limits(for: attempt)
        throw problem
    }

    // MARK: - At once

    /// The grant that can be given without waiting.
    ///
    /// Nil while another caller's attempt with another password is open, and for a session that is to come back: a token of it
    /// shows what it was, and so is nobody's before the server has accepted them.
    private func openAtOnce(_ attempt: Attempt) throws(Problem) -> SessionGrant? {
        let (session, isNew): (Session, Bool)
        switch try claim(attempt, revives: false) {
        case .dormant: return nil
        case .new(let made): (session, isNew) = (made, true)
        case .known(let known):
            let isSame =
                known.hasBeenOnline
                ? try isSame(known, attempt) : known.password.matches(attempt.request.password)
            guard isSame else { return nil }
            (session, isNew) = (known, false)
        }
        guard let token = issueToken(for: session, attempt) else { return nil }
        if isNew {
            registry.publish(session, status: attempt.request.status ?? .online)
            _ = session.awaitSignIn { result in
                switch result {
                case .ended(let end): _ = self.problem(end, attempt)
                case .online:
                    self.throttle.withLock { $0.recordSuccess(of: attempt.counted) }
                    self.fulfilWishes(attempt.request, session, isNew: true) {}
                }
            }
            session.start(status: attempt.request.status ?? .online)
        } else {
            fulfilWishes(attempt.request, session, isNew: false) {}
        }
        return SessionGrant(session: session, token: token)
    }

    // MARK: - Outcomes

    /// Why it failed; counted, and where it may have been a guess, as one.
    private func problem(_ end: SessionEnd?, _ attempt: Attempt) -> Problem {
        if registry.isClosed { return Self.shuttingDown }
        var problem = Problem(signInEnded: end)
        let isGuess = problem.code == .signInRefused && problem.msnp?.command == "USR"
        let now = environment.clock.uptime()
        throttle.withLock { throttle in
            throttle.recordVain(of: attempt.counted, now: now)
            if isGuess { throttle.recordFailure(of: attempt.counted, now: now) }
        }
        // Where it may try again at once; a server that is busy says when by `Retry-After`.
        if problem.code == .signInRefused { problem.limits = limits(for: attempt) }
        return problem
    }

    /// A name or status that the server refuses or ignores does not fail the sign-in: the answer shows what is.
    private func fulfilWishes(
        _ request: SignInRequest, _ session: Session, isNew: Bool, _ done: @escaping @Sendable () -> Void
    ) {
        let status = isNew ? nil : request.status
        guard request.displayName != nil || status != nil else {
            done()
            return
        }
        let isDone = Locked(false)
        let once: @Sendable () -> Void = {
            let isFirst = isDone.withLock { isDone in
                defer { isDone = true }
                return !isDone
            }
            if isFirst { done() }
        }
        session.owed.loop.after(Self.wishesPatience, once)
        Task(executorPreference: session.owed.executor) {
            if let name = request.displayName { try? await session.rename(name) }
            if let status, status != session.status { try? await session.setPresence(status) }
            once()
        }
    }

    /// What the caller may try further.
    private func limits(for attempt: Attempt) -> [ServiceLimit] {
        throttle.withLock { $0.limits(for: attempt.counted, now: environment.clock.uptime()) }
    }

    private func answer(_ grant: SessionGrant, _ attempt: Attempt, status: Int) -> Response {
        var response = Response.json(grant.body, status: status)
        var limits = limits(for: attempt)
        if attempt.owner == .anonymous, let sessions = registry.limit(of: attempt.client.network) {
            limits.append(sessions)
        }
        response.tell(limits)
        response.set("Location", "/v1/sessions/\(grant.session.id)")
        if status == 202 { response.set("Preference-Applied", "respond-async") }
        return response
    }
}
