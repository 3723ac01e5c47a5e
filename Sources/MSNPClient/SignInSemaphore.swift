import DequeModule
import Locking

/// Limits how many of a backend's sessions sign in at one time; the others wait.
///
/// A backend that comes back has thousands of sessions at its door, and small servers fall over again under them. First
/// sign-ins, for which a person waits, go before those of sessions that come back.
package final class SignInSemaphore: Sendable {
    /// Names a permit, from the moment that it is asked for.
    package typealias Permit = UInt64

    private struct State: Sendable {
        var lastPermit: Permit = 0
        var held: Set<Permit> = []
        var waiting: [Permit: @Sendable (Permit) -> Void] = [:]
        /// Permits that were released meanwhile stay in the queues and are passed over.
        var firstSignIns: Deque<Permit> = []
        var otherSignIns: Deque<Permit> = []
    }

    private let limit: Int
    private let state = Locked(State())

    /// - Parameter limit: permits at one time; at least one.
    package init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// How many permits are held now.
    package var inFlight: Int { state.withLock { $0.held.count } }

    /// Asks for a permit; `granted` is called with it, perhaps before this returns, from any thread.
    package func acquire(isFirst: Bool, granted: @escaping @Sendable (Permit) -> Void) -> Permit {
        let permit = state.withLock { state in
            state.lastPermit += 1
            state.waiting[state.lastPermit] = granted
            if isFirst {
                state.firstSignIns.append(state.lastPermit)
            } else {
                state.otherSignIns.append(state.lastPermit)
            }
            return state.lastPermit
        }
        grantNext()
        return permit
    }

    /// Somebody waits for what was asked for: it goes with the first sign-ins, behind those that are there.
    package func promote(_ permit: Permit) {
        state.withLock { state in
            // In its old queue it is passed over then.
            if state.waiting[permit] != nil { state.firstSignIns.append(permit) }
        }
    }

    /// Gives a permit back, or leaves the queue for it.
    package func release(_ permit: Permit) {
        state.withLock { state in
            state.waiting[permit] = nil
            state.held.remove(permit)
        }
        grantNext()
    }

    private func grantNext() {
        let granted = state.withLock { state in
            var granted: [(Permit, @Sendable (Permit) -> Void)] = []
            while state.held.count < limit, let permit = state.firstSignIns.popFirst() ?? state.otherSignIns.popFirst()
            {
                guard let body = state.waiting.removeValue(forKey: permit) else { continue }
                state.held.insert(permit)
                granted.append((permit, body))
            }
            return granted
        }
        for (permit, body) in granted { body(permit) }
    }
}
