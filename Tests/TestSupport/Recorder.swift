import Locking
package import Testing

/// Keeps what happened and lets a test wait for what is to happen, however fast or slow it comes.
package final class Recorder<Element: Sendable>: Sendable {
    private struct Waiter: Sendable {
        let matches: @Sendable (Element) -> Bool
        let wait: Wait<Element>
    }

    private struct State: Sendable {
        var elements: [Element] = []
        var waiters: [Waiter] = []
    }

    private let state = Locked(State())

    package init() {}

    /// What was recorded so far.
    package var all: [Element] { state.withLock { $0.elements } }

    /// Keeps an element, and wakes who waits for it.
    package func record(_ element: Element) {
        let ready = state.withLock { state in
            state.elements.append(element)
            let ready = state.waiters.filter { $0.matches(element) }
            state.waiters.removeAll { $0.matches(element) }
            return ready
        }
        for waiter in ready { waiter.wait.end(element) }
    }

    /// The first element that matches, among those recorded already, but for the first `count`, or the first to come.
    @discardableResult
    package func first(
        after count: Int = 0, sourceLocation: SourceLocation = #_sourceLocation,
        where matches: @escaping @Sendable (Element) -> Bool
    ) async throws -> Element {
        try await waiting(sourceLocation: sourceLocation) { wait in
            let found: Element? = state.withLock { state in
                if let found = state.elements.dropFirst(count).first(where: matches) { return found }
                state.waiters.append(Waiter(matches: matches, wait: wait))
                return nil
            }
            if let found { wait.end(found) }
        }
    }
}
