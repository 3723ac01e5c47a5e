import Locking
import Storage
import Webhooks

/// Attempts that an owner asks for.
extension WebhookRegistry {
    /// Makes one attempt with an event that says that it is a test, and returns what came of it.
    ///
    /// It waits for an attempt that is under way, and moves nothing. Throws `Problem`.
    ///
    /// - Parameter trace: of the call, which goes on with the attempt; nil where it has none.
    func test(of webhook: Webhook, in trace: TraceParent?) async throws(Problem) -> StoredDelivery.Attempt {
        let tested = await withCheckedContinuation { continuation in
            let isClosed = isClosed
            let refusal = webhook.state.withLock { state -> Problem? in
                if isClosed { return SignInService.shuttingDown }
                if state.isGone { return WebhookRoutes.nothingHere }
                guard state.tester == nil else {
                    return Problem(.rateLimited, "Another test of this webhook waits.").retrying(after: 1)
                        .exceeding(.concurrent(.tests, used: 1, of: 1))
                }
                state.tester = Webhook.Tester(continuation: continuation, trace: trace?.continued() ?? .random())
                return nil
            }
            if let refusal { continuation.resume(returning: .failure(refusal)) } else { drive(webhook) }
        }
        return try tested.get()
    }

    func test(_ webhook: Webhook, _ trace: TraceParent) async -> Webhook.Tested {
        // Never in the way of what happens: what comes of a test says nothing of the next one.
        let lane = WebhookSlots.Lane.slow
        guard await slots.take(lane, for: webhook.owner) else { return .failure(SignInService.shuttingDown) }
        defer { slots.give(lane) }
        let id = Webhook.makeBatchID()
        let body = WebhookBody(testOf: webhook.id, id: id, at: clock.now)
        guard let request = request(webhook, id, body.bytes, trace) else {
            return .failure(webhook.state.withLock { $0.isGone } ? WebhookRoutes.nothingHere : WebhookRoutes.noSecret)
        }
        let start = clock.uptime()
        let outcome = await transport.send(request)
        counts.note(outcome.label)
        guard outcome != .cancelled else {
            let isGone = webhook.state.withLock { $0.isGone }
            return .failure(isGone ? WebhookRoutes.nothingHere : SignInService.shuttingDown)
        }
        return .success(attempt(outcome, from: start))
    }
}
