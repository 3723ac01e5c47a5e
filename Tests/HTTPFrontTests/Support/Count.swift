import Locking
import TestSupport
import Testing

/// A number that only grows, and tasks that wait for it to get somewhere.
final class Count: Sendable {
    private struct State: Sendable {
        var value = 0
        var waiters: [(Int, Wait<Void>)] = []
    }

    private let state = Locked(State())

    var value: Int { state.withLock { $0.value } }

    func add() {
        let ready = state.withLock { state in
            state.value += 1
            let value = state.value
            let ready = state.waiters.filter { $0.0 <= value }
            state.waiters.removeAll { $0.0 <= value }
            return ready.map(\.1)
        }
        for wait in ready { wait.end() }
    }

    func reaches(_ goal: Int) async throws {
        try await waiting { wait in
            let isThere = state.withLock { state in
                if state.value < goal { state.waiters.append((goal, wait)) }
                return state.value >= goal
            }
            if isThere { wait.end() }
        }
    }
}
