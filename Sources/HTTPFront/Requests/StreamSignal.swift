import Synchronization

/// Says that a stream has something to send; any thread may.
package final class StreamSignal: Sendable {
    /// Whether the loop has been told and has not looked yet.
    private let isPosted = Atomic(false)
    private let post: @Sendable () -> Void

    /// `post` is called for a wake unless one is on its way already.
    ///
    /// The server hands signals out; another one is for tests of what streams.
    package init(_ post: @escaping @Sendable () -> Void) {
        self.post = post
    }

    /// Has `Streaming.next` asked again, soon; never waits, and costs next to nothing when it was said already.
    package func wake() {
        if !isPosted.exchange(true, ordering: .acquiringAndReleasing) { post() }
    }

    /// The loop is about to look: a wake from now on counts anew.
    package func noted() { isPosted.store(false, ordering: .releasing) }
}
