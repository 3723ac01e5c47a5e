import Locking

/// How many connections to servers the process may have, so that other things keep their descriptors.
///
/// It is asked before a socket is opened. Who asks first gets one, with two exceptions: a part is kept for sessions, that
/// those which come back find room, and beyond half of it no session gets more than a few switchboards, so that one with
/// hundreds of conversations leaves some for all others.
package final class ConnectionBudget: Sendable {
    /// What a connection is for.
    package enum Purpose: Sendable {
        /// A session itself.
        case session
        /// A conversation of a session that holds so many switchboards already.
        case switchboard(held: Int)
    }

    fileprivate struct State: Sendable {
        var most: Int
        var used = 0
        var refused: (@Sendable () -> Void)?
    }

    /// The part that switchboards leave to sessions: an eighth.
    fileprivate static let sessionsShare = 8
    /// Switchboards that any session may have while there is room at all: what a person has open.
    fileprivate static let fewSwitchboards = 8

    private let state: Locked<State>

    /// - Parameter most: connections at one time.
    package init(most: Int = .max) {
        state = Locked(State(most: most))
    }

    /// Connections that there may be.
    package var most: Int { state.withLock { $0.most } }

    /// Connections that there are, or are being made.
    package var used: Int { state.withLock { $0.used } }

    /// Sets how many there may be; those that are there stay.
    package func limit(to most: Int) { state.withLock { $0.most = max(1, most) } }

    /// Has a body called, on any thread, each time that a connection is refused.
    package func onRefusal(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.refused = body } }

    /// Whether a session would get a connection now; who refuses one for that reason says so with `noteRefusal`.
    package var hasRoomForSession: Bool { state.withLock { $0.permits(.session) } }

    /// Takes a connection; false when there is none to be had.
    func take(_ purpose: Purpose) -> Bool {
        let permits = state.withLock { state in
            let permits = state.permits(purpose)
            if permits { state.used += 1 }
            return permits
        }
        if !permits { noteRefusal() }
        return permits
    }

    /// Somebody gets no connection.
    package func noteRefusal() { state.withLock { $0.refused }?() }

    /// The connection is closed, or was never made.
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
