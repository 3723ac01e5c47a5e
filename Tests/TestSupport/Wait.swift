import Locking

/// One wait of a test, which ends once: with what came, or because the test's time is over.
package final class Wait<Value: Sendable>: Sendable {
    private enum State {
        case before
        case waiting(CheckedContinuation<Value, any Error>)
        case over
    }

    private let state = Locked(State.before)

    /// Ends it with what came; nothing happens if it is over.
    package func end(_ value: Value) { take()?.resume(returning: value) }

    /// Ends it because nothing will come any more.
    func cancel() { take()?.resume(throwing: NothingCame()) }

    /// Suspends whoever waits; throws at once if it was cancelled before.
    func begin(_ continuation: CheckedContinuation<Value, any Error>) {
        let isOver = state.withLock { state in
            if case .over = state { return true }
            state = .waiting(continuation)
            return false
        }
        if isOver { continuation.resume(throwing: NothingCame()) }
    }

    private func take() -> CheckedContinuation<Value, any Error>? {
        state.withLock { state in
            defer { state = .over }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
    }
}

extension Wait where Value == Void {
    /// Ends it; nothing happens if it is over.
    package func end() { end(()) }
}
