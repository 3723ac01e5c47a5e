import HTTPFront

/// What comes of a request that was understood.
enum Outcome: Sendable {
    case ready(Response)
    case wait(Wait)
    case stream(Stream)

    /// A request that is parked until something happens.
    struct Wait: Sendable {
        let timeout: Duration
        /// Called once the request is parked; it may be answered right then.
        let began: @Sendable (Reply) -> Void
        /// The answer when the time is up or the gateway stops.
        let released: @Sendable (ParkedRelease) -> Result<Response, Problem>
        /// The caller left.
        let abandoned: @Sendable () -> Void
    }

    /// Server-sent events, for as long as both sides like; what the closures do is said at `Streaming`.
    struct Stream: Sendable {
        let began: @Sendable (StreamSignal) -> Void
        let next: @Sendable (_ size: Int) -> StreamPiece
        let quiet: @Sendable () -> [UInt8]
        let ended: @Sendable () -> Void
    }

    /// Work that ends in an answer; cancelled when the caller leaves.
    ///
    /// What asks a session's server something is carried by that session's loop alone, and comes back to its HTTP loop once.
    /// What is long without asking anybody names no session, so that no loop stands still for it.
    /// Every request to a server has its own time-out, so the work ends by itself; `patience` is beyond all of them.
    static func later(
        on session: Session? = nil, _ work: @escaping @Sendable () async throws(Problem) -> Response
    ) -> Outcome {
        let task = TaskBox()
        return .wait(
            Wait(
                timeout: patience,
                began: { reply in
                    task.start(on: session?.owed.executor) {
                        do throws(Problem) {
                            reply.answer(try await work())
                        } catch {
                            reply.answer(error)
                        }
                    }
                },
                released: { release in
                    task.cancel()
                    return .failure(
                        release == .shuttingDown
                            ? SignInService.shuttingDown
                            : Problem(.backendTimeout, "The server did not answer in time."))
                },
                abandoned: { task.cancel() }))
    }

    private static let patience: Duration = .seconds(120)
}
