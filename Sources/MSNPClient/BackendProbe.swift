import Loops
package import MSNP

/// Talks to a backend's first server outside of any session, to see how it takes what is said to it.
package struct BackendProbe: Sendable {
    /// How a talk ended.
    package enum Ending: Equatable, Sendable {
        /// All that was said was answered.
        case answered
        /// An answer did not come in time.
        case silent
        /// The server closed, or the network did.
        case closed
        /// What came is not the protocol.
        case garbled
    }

    /// What was heard.
    package struct Talk: Equatable, Sendable {
        /// The frames that came after each step, up to the one at which it ended.
        package let heard: [[Frame]]
        package let ending: Ending

        package init(heard: [[Frame]], ending: Ending) {
            (self.heard, self.ending) = (heard, ending)
        }
    }

    /// Bytes that may wait for a server that does not read: a talk has some hundred.
    private static let unread = 64 * 1024

    private let backend: Backend
    private let runtime: ClientRuntime

    package init(_ backend: Backend, on runtime: ClientRuntime) {
        (self.backend, self.runtime) = (backend, runtime)
    }

    /// Says the steps one after the other on one connection, the commands of each in one write, and closes it.
    ///
    /// Throws `UnreachableFailure` where there is no connection.
    ///
    /// - Parameters:
    ///   - steps: each has commands with a number, and is over when all of them are answered.
    ///   - patience: for connecting, and for the answers to each step.
    package func talk(_ steps: [[ClientCommand]], patience: Duration) async throws(UnreachableFailure) -> Talk {
        let loop = runtime.loops[0]
        let connector = Connector(backend: backend, loop: loop, budget: runtime.connections, unread: Self.unread)
        let result = await withCheckedContinuation { continuation in
            let conversation = ProbeConversation(steps, patience, loop) { continuation.resume(returning: $0) }
            connector.connect(to: backend.configuration.address, until: .now + patience) {
                FrameHandler(on: loop) { conversation.hear($0) }
            } done: { result in
                switch result {
                case .success(let socket): conversation.begin(on: socket)
                case .failure(let failure): conversation.fail(failure)
                }
            }
        }
        return try result.get()
    }
}
