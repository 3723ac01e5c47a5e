import Locking
import Synchronization

/// Limits the connections to servers, so that other things keep their descriptors.
///
/// It is asked before a socket is opened. Requests are granted in their order, with two exceptions. A part is kept for
/// sessions, so that reconnecting ones find room. Beyond half of the limit no session gets more than a few
/// switchboards, so that a session with hundreds of conversations leaves some for others.
package final class ConnectionBudget: Sendable {
    /// What a connection is for.
    package enum Purpose: Sendable {
        /// A session itself.
        case session
        /// A conversation of a session that holds that many switchboards already.
        case switchboard(held: Int)
    }

    fileprivate struct State: Sendable {
        var most: Int
        var used = 0
        var refused: (@Sendable () -> Void)?
    }

    /// The share that switchboards leave to sessions: an eighth.
    fileprivate static let sessionsShare = 8
    /// Switchboards that any session may have while there is room at all: as many as a person has open.
    fileprivate static let fewSwitchboards = 8

    private let state: Locked<State>

    /// - Parameter most: connections at one time.
    package init(most: Int = .max) {
        state = Locked(State(most: most))
    }

    /// The limit.
    package var most: Int { state.withLock { $0.most } }

    /// The connections that are open or being made.
    package var used: Int { state.withLock { $0.used } }

    /// Sets the limit; open connections stay.
    package func limit(to most: Int) { state.withLock { $0.most = max(1, most) } }

    /// Sets what is called, on any thread, each time that a connection is refused.
    package func onRefusal(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.refused = body } }

    /// Whether a session would get a connection now; whoever refuses one for that reason calls `noteRefusal`.
    package var hasRoomForSession: Bool { state.withLock { $0.permits(.session) } }

    /// A connection that was taken; it is given back once, at the latest with this.
    final class Lease: Sendable {
        private let budget: ConnectionBudget
        private let isReturned = Atomic(false)

        fileprivate init(of budget: ConnectionBudget) { self.budget = budget }

        /// The connection was closed, or never made.
        func giveBack() {
            if !isReturned.exchange(true, ordering: .relaxed) { budget.giveBack() }
        }

        deinit { giveBack() }
    }

    /// Takes a connection for as long as the lease is held; nil when there is none left.
    func lease(_ purpose: Purpose) -> Lease? { take(purpose) ? Lease(of: self) : nil }

    /// Takes a connection; false when there is none left.
    func take(_ purpose: Purpose) -> Bool {
        let permits = state.withLock { state in
            let permits = state.permits(purpose)
            if permits { state.used += 1 }
            return permits
        }
        if !permits { noteRefusal() }
        return permits
    }

    /// Records that somebody got no connection.
    package func noteRefusal() { state.withLock { $0.refused }?() }

    /// Gives a connection back: it was closed, or never made.
    func giveBack() { state.withLock { $0.used -= 1 } }
}

extension ConnectionBudget.State {
    fileprivate func permits(_ purpose: ConnectionBudget.Purpose) -> Bool {
        switch purpose {
        case .session: used < most
        case .switchboard(let held):
            used < most - most / ConnectionBudget.sessionsShare
                && (held < ConnectionBudget.fewSwitchboards || used < most / 2)
        }
    }
}
