import DequeModule
import Locking

/// Lets only so many of a backend's sessions sign in at one time; the others wait for their turn.
///
/// A backend that comes back has thousands of sessions at its door, and small servers fall over again under them. First
/// sign-ins, for which somebody waits, go before those that come back.
package final class SignInTurns: Sendable {
    /// A turn that was asked for.
    package typealias Number = UInt64

    private struct State: Sendable {
        var asked: Number = 0
        var granted: Set<Number> = []
        var waiting: [Number: @Sendable (Number) -> Void] = [:]
        /// Those that left meanwhile are passed over.
        var first: Deque<Number> = []
        var later: Deque<Number> = []
    }

    private let most: Int
    private let state = Locked(State())

    /// - Parameter most: turns at one time; at least one.
    package init(most: Int) {
        self.most = max(1, most)
    }

    /// How many have a turn now.
    package var inFlight: Int { state.withLock { $0.granted.count } }

    /// Asks for a turn; `granted` is called with its number, perhaps before this returns, from any thread.
    package func ask(isFirst: Bool, granted: @escaping @Sendable (Number) -> Void) -> Number {
        let number = state.withLock { state in
            state.asked += 1
            state.waiting[state.asked] = granted
            if isFirst { state.first.append(state.asked) } else { state.later.append(state.asked) }
            return state.asked
        }
        grant()
        return number
    }

    /// Gives a turn back, or leaves the queue for it.
    package func giveBack(_ number: Number) {
        state.withLock { state in
            state.waiting[number] = nil
            state.granted.remove(number)
        }
        grant()
    }

    private func grant() {
        let lucky = state.withLock { state in
            var lucky: [(Number, @Sendable (Number) -> Void)] = []
            while state.granted.count < most, let number = state.first.popFirst() ?? state.later.popFirst() {
                guard let body = state.waiting.removeValue(forKey: number) else { continue }
                state.granted.insert(number)
                lucky.append((number, body))
            }
            return lucky
        }
        for (number, body) in lucky { body(number) }
    }
}
