import Synchronization

/// Says that a stream has something to send; any thread may.
package final class StreamSignal: Sendable {
    /// Whether the loop has been told and has not looked yet.
    private let isPosted = Atomic(false)
    /// By which its target knows the stream.
    let id: UInt64
    let target: any DeliveryTarget

    /// `target` gets each wake unless one is on its way already.
    ///
    /// The server hands signals out; another one is for tests of what streams.
    package init(_ id: UInt64 = 0, to target: any DeliveryTarget) {
        self.id = id
        self.target = target
    }

    /// Has `Streaming.next` asked again, soon; never waits, and costs next to nothing when it was said already.
    ///
    /// Whoever wakes many streams gathers the wakes in `Deliveries`.
    package func wake() {
        if post() { target.take([.wake(self)]) }
    }

    /// The loop is about to look: a wake from now on counts anew.
    package func noted() { isPosted.store(false, ordering: .releasing) }

    /// Whether the loop has to be told, which the caller does then; false when it was told already.
    func post() -> Bool { !isPosted.exchange(true, ordering: .acquiringAndReleasing) }
}
