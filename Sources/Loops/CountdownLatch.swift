import Locking

/// Waits for the end of threads, or of what runs on them, without a thread.
package final class CountdownLatch: Sendable {
    private struct State: Sendable {
        var count: Int
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Locked<State>

    /// - Parameter count: ends to wait for.
    package init(count: Int) { state = Locked(State(count: count)) }

    /// One of them has ended.
    package func countDown() {
        let waiters = state.withLock { state in
            state.count -= 1
            guard state.count == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when all have ended.
    package func wait() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.count > 0 { state.waiters.append(continuation) }
                return state.count == 0
            }
            if isOver { continuation.resume() }
        }
    }
}
