import HTTPFront

extension Answer {
    /// Beyond the time-outs of all requests to a server, so that the work ends by itself.
    private static let timeout: Duration = .seconds(120)

    /// Work that ends in an answer; cancelled when the caller leaves.
    ///
    /// What asks a session's server something is carried by that session's loop alone, and comes back to its HTTP loop once.
    /// What is long without asking anybody names no session, so that no loop stands still for it.
    static func later(
        on session: Session? = nil, _ work: @escaping @Sendable () async throws(Problem) -> Response
    ) -> Answer {
        let task = TaskBox()
        return .park(
            ParkedRequest(
                timeout: timeout,
                began: { request in
                    task.start(on: session?.owed.executor) {
                        do throws(Problem) {
                            request.answer(try await work())
                        } catch {
                            request.answer(error)
                        }
                    }
                },
                released: { reason -> Result<Response, Problem> in
                    task.cancel()
                    return .failure(
                        reason == .shuttingDown
                            ? SignInService.shuttingDown
                            : Problem(.backendTimeout, "The server did not answer in time."))
                },
                abandoned: { task.cancel() }))
    }
}
