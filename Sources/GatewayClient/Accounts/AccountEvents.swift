/// The events of an account that stays signed in: what a bot is written around.
///
/// Each iteration signs in, reads, and signs in again whenever that helps: after a restart of a gateway that keeps nothing, after a
/// token that others have pushed out, after an end that passes. Whenever something may have been missed it says so. It throws
/// where no waiting would help: `GatewayError.sessionEnded` where the account has signed in elsewhere, say, and the problem where
/// the sign-in is refused. It never ends otherwise, and signs nobody out.
///
/// It holds the password for as long as it is there.
public struct AccountEvents: AsyncSequence, Sendable {
    /// What it gives.
    public typealias Element = AccountStep
    /// Why it ends before its end.
    public typealias Failure = GatewayError

    private let gateway: RemoteGateway
    private let signIn: SignIn
    private let consumer: String?
    private let types: [String]

    init(_ gateway: RemoteGateway, _ signIn: SignIn, consumer: String?, types: [String]) {
        self.gateway = gateway
        self.signIn = signIn
        self.consumer = consumer
        // What becomes of the session is what this is about.
        self.types = types.isEmpty || types.contains(stateType) ? types : types + [stateType]
    }

    /// Begins a loop.
    public func makeAsyncIterator() -> Iterator { Iterator(gateway, signIn, consumer, types) }

    /// One loop.
    public struct Iterator: AsyncIteratorProtocol {
        private let gateway: RemoteGateway
        private let signIn: SignIn
        private let consumer: String?
        private let types: [String]

        private var told: [AccountStep] = []
        private var session: RemoteSession?
        /// Nil before the first session.
        private var events: EventSequence.Iterator?
        private var isSignedIn = false
        /// Whether the session has ended, and that was told.
        private var hasEnded = false
        /// Attempts to sign in that failed in a row.
        private var failures = 0
        /// Ends with nothing between them.
        private var ends = 0
        private var pause: (failures: Int, asked: Duration?)?
        private var lastReason: Word<SessionReason>?

        init(_ gateway: RemoteGateway, _ signIn: SignIn, _ consumer: String?, _ types: [String]) {
            self.gateway = gateway
            self.signIn = signIn
            self.consumer = consumer
            self.types = types
        }

        /// What comes next; whoever asks for it has dealt with what came before.
        public mutating func next(
            isolation actor: isolated (any Actor)? = #isolation
        ) async throws(GatewayError) -> AccountStep? {
            while true {
                if !told.isEmpty { return told.removeFirst() }
                if let pause {
                    self.pause = nil
                    try await gateway.pause(after: pause.failures, asked: pause.asked)
                }
                guard isSignedIn, let session, var events else {
                    try await enter(isolation: actor)
                    continue
                }
                do throws(GatewayError) {
                    let step = try await events.next(isolation: actor)
                    self.events = events
                    if let step { take(step, session) } else { try await leave(session, isolation: actor) }
                } catch {
                    self.events = events
                    guard case .problem(let problem) = error, problem.status == 401 || problem.status == 404 else {
                        throw error
                    }
                    isSignedIn = false
                }
            }
        }

        public mutating func next() async throws(GatewayError) -> AccountStep? { try await next(isolation: nil) }

        /// Takes a session: the one of before where it is still there, and then its position is as good as it was.
        private mutating func enter(isolation actor: isolated (any Actor)?) async throws(GatewayError) {
            let fresh: RemoteSession
            do throws(GatewayError) {
                fresh = try await gateway.signIn(signIn)
            } catch {
                // The server is away, or the attempt was cut off.
                guard error.mayPass || error.isConflict else { throw error }
                failures += 1
                if failures == 1 { told.append(.interrupted(error)) }
                pause = (failures, error.retryAfter)
                return
            }
            if failures > 0 { told.append(.resumed) }
            failures = 0
            isSignedIn = true
            let (gateway, signIn) = (gateway, signIn)
            let current = RemoteSession(
                gateway, id: fresh.id,
                tokens: SessionTokens(fresh.token) { try? await gateway.signIn(signIn) })
            if let session, session.id == fresh.id {
                events?.goOn(EventSource(current))
            } else {
                if session != nil, !hasEnded { told.append(.gap(.sessionLost)) }
                // All that another session has had is news; of one that was there before, only what comes.
                let start: EventStart = consumer.map(EventStart.consumer) ?? (session == nil ? .now : .oldest)
                events = current.events(from: start, types: types).makeAsyncIterator()
                told.append(.signedIn(current))
            }
            hasEnded = false
            session = current
        }

        private mutating func take(_ step: EventStep, _ session: RemoteSession) {
            switch step {
            case .event(let event):
                ends = 0
                if case .sessionState(let change) = event.content {
                    lastReason = change.reason
                    if change.state == .reconnecting { told.append(.gap(.serverLost(change.reason))) }
                }
                told.append(.event(event, session))
            case .gap(let missed): told.append(.gap(.expired(missed: missed)))
            case .interrupted(let error): told.append(.interrupted(error))
            case .resumed: told.append(.resumed)
            // None is asked for.
            case .snapshot: break
            }
        }

        /// The session has ended, and everything in it was told.
        private mutating func leave(
            _ session: RemoteSession, isolation actor: isolated (any Actor)?
        ) async throws(GatewayError) {
            let said = try? await session.info()
            let reason = said?.reason ?? lastReason
            if case .known(let known) = reason, known.isFinal { throw .sessionEnded(reason) }
            told.append(.gap(.sessionEnded(reason)))
            isSignedIn = false
            hasEnded = true
            ends += 1
            // Whatever it was, it is not over yet.
            pause = (ends + 1, nil)
        }
    }
}

/// The type that says what becomes of a session.
private let stateType = "session.state"

extension RemoteGateway {
    /// Stays signed in, and gives what happens.
    ///
    /// - Parameters:
    ///   - signIn: who it is; kept for as long as the loop is.
    ///   - consumer: a name under which the gateway keeps how far this reader was, so that a program that starts again goes on
    ///     there; nil to begin with what comes next.
    ///   - types: those that are wanted, `message.*` for a group of them; empty for all. `session.state` comes in any case.
    public func events(of signIn: SignIn, consumer: String? = nil, types: [String] = []) -> AccountEvents {
        AccountEvents(self, signIn, consumer: consumer, types: types)
    }
}

extension GatewayError {
    /// Whether it is a 409: of a sign-in, that the moment is bad.
    fileprivate var isConflict: Bool { if case .problem(let problem) = self { problem.status == 409 } else { false } }
}
