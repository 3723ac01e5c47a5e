import Synchronization

/// A request that waits for its answer; any thread may give it.
package final class ParkedRequest: Sendable {
    /// Set by whoever ends the wait, once.
    private let ended = Atomic(false)
    /// By which its target knows it.
    let id: UInt64
    let target: any DeliveryTarget

    /// `target` gets the answer, at most one.
    ///
    /// The server hands requests out; another one is for tests of what answers them.
    package init(_ id: UInt64 = 0, to target: any DeliveryTarget) {
        self.id = id
        self.target = target
    }

    /// Answers the request unless its wait has ended already; tells whether this answer was taken.
    ///
    /// Never waits. A taken answer is no proof of delivery: the client may leave while it is sent. Whoever has answers for
    /// many requests gathers them in `Deliveries`.
    @discardableResult
    package func answer(_ response: Response) -> Bool {
        guard end() else { return false }
        target.take([.answer(self, response)])
        return true
    }

    /// Ends the wait without an answer; false when it has ended before.
    package func end() -> Bool {
        // Whoever comes second sees only that there was a first; what the first knows goes through a queue with a lock.
        ended.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing).exchanged
    }

    /// Whether the wait has ended.
    package var hasEnded: Bool { ended.load(ordering: .acquiring) }
}
