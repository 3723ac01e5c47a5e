import Digests
import Locking
import MSNP
import MSNPClient
import Synchronization

/// A sign-in that may bring back a session whose password was not kept.
struct Revival: Sendable {
    fileprivate enum Stage: Sendable {
        /// The server has not said yet whether it takes the password.
        case open
        /// Nobody wants it any more.
        case cancelled
        /// The server has taken the password.
        case accepted
    }

    /// Events that are kept back: lists are one, so that even an odd server says much less before it lets somebody in.
    static let mostEvents = 4_096

    let password: Secret
    /// Nil for the one that the session had.
    fileprivate(set) var status: Presence?
    /// What the server has said so far, of which nobody hears if it refuses in the end.
    fileprivate(set) var heard: [SessionEvent] = []
    fileprivate var stage = Stage.open

    init(password: Secret, status: Presence?) {
        self.password = password
        self.status = status
    }
}

/// A session that ended for want of its password, and comes back with a sign-in that the server accepts.
///
/// Until then it stays as it is: it has ended, and nobody is told anything of an attempt that fails.
extension Session {
    /// Whether a sign-in is under way whose outcome decides.
    var isReviving: Bool { state.withLock { $0.revival != nil } }

    var canBeRevived: Bool { state.withLock { $0.record.canBeRevived } }

    /// A sign-in is about to bring it back, and no other does; false where it never comes back any more.
    ///
    /// Called with the registry's lock, so that whoever looks for the session finds the sign-in under way.
    func beginRevival(_ revival: Revival) -> Bool {
        state.withLock { state in
            guard state.record.canBeRevived, state.revival == nil else { return false }
            state.revival = revival
            wasRevived.store(true, ordering: .releasing)
            return true
        }
    }

    /// Carries out the sign-in that has begun so, and calls back once with what came of it.
    func revive(_ body: @escaping @Sendable (SignInResult) -> Void) {
        let wanted = state.withLock { state in
            _ = state.waiters.add(body)
            return state.revival.map { ($0.password, $0.status ?? state.kept?.status ?? .online) }
        }
        guard let (password, status) = wanted else { return }
        let client = makeClient(password, status: status)
        let isOpen = state.withLock { state in
            state.revival?.status = status
            guard state.revival?.stage == .open else { return false }
            state.client = client
            return true
        }
        // Somebody may have ended it between claiming and reviving it; then there is no client that would say so.
        if isOpen { client.start() } else { _ = failRevival(.signedOut) }
    }

    /// Whoever wanted it has left; nothing happens once the server has taken the password.
    func stopReviving() {
        guard cancelRevival() else { return }
        Task(executorPreference: owed.executor) { await self.signOut() }
    }

    /// Whether there was one that could still be called off.
    @discardableResult
    func cancelRevival() -> Bool {
        state.withLock { state in
            guard state.revival?.stage == .open else { return false }
            state.revival?.stage = .cancelled
            return true
        }
    }

    /// Whether nobody is to hear of an event now: the sign-in that it belongs to is not decided, or has failed.
    func isHeldBack(_ event: SessionEvent) -> Bool {
        switch event {
        case .state(.online): finishRevival()
        case .ended(let end): failRevival(end)
        default: keepBack(event)
        }
    }

    private func keepBack(_ event: SessionEvent) -> Bool {
        // Nearly none is ever brought back, and all others need no lock.
        guard wasRevived.load(ordering: .acquiring) else { return false }
        let (isReviving, isTooMuch) = state.withLock { state in
            guard let heard = state.revival?.heard else { return (false, false) }
            // How far it has got is told of no session that comes back.
            if case .state = event { return (true, false) }
            guard heard.count < Revival.mostEvents else { return (true, true) }
            state.revival?.heard.append(event)
            return (true, false)
        }
        if isTooMuch { stopReviving() }
        return isReviving
    }

    /// The server has accepted it: what it has said is told now, ahead of what comes.
    private func finishRevival() -> Bool {
        enum Step {
            case none, over
            case accepted([SessionEvent])
        }
        let step = state.withLock { state -> Step in
            guard let revival = state.revival else { return .none }
            guard revival.stage == .open else { return .over }
            state.revival?.stage = .accepted
            state.password = revival.password
            state.kept?.status = revival.status ?? .online
            return .accepted(revival.heard)
        }
        switch step {
        case .none: return false
        case .over: return true
        case .accepted(let heard):
            var isBack = false
            change { record in
                isBack = record.canBeRevived
                record.revive(at: environment.clock.now, uptime: environment.clock.uptime())
            }
            state.withLock { state in
                // From here on it is a session as any other, unless somebody ended it for good: then its client is about to
                // say so, and whoever waits hears of that.
                if isBack { state.revival = nil } else { state.revival?.stage = .cancelled }
            }
            guard isBack else { return true }
            for event in heard { take(event) }
            return false
        }
    }

    /// It stays as it was; whoever waited is told.
    private func failRevival(_ end: SessionEnd) -> Bool {
        // Nobody else lets go of it: events come one after the other.
        guard isReviving else { return false }
        var failed: (revival: Revival?, waiters: [@Sendable (SignInResult) -> Void]) = (nil, [])
        // At one moment: whoever tries again finds it where it was, and never in between, as one that is neither on its way
        // nor to be brought back.
        environment.ended(self) {
            failed = state.withLock { state in
                defer {
                    state.revival = nil
                    state.client = nil
                }
                return (state.revival, state.waiters.takeAll())
            }
        }
        failed.revival?.password.erase()
        let isFlood = failed.revival.map { $0.heard.count >= Revival.mostEvents } ?? false
        for waiter in failed.waiters { waiter(.ended(isFlood ? .protocolError(.flood) : end)) }
        return true
    }
}
