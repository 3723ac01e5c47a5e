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
        try webhook.state.withLock { state throws(Problem) in
            guard !state.hasTester else {
                throw Problem(.rateLimited, "Another test of this webhook waits.").retrying(after: 1)
                    .exceeding(.concurrent(.tests, used: 1, of: 1))
            }
            state.hasTester = true
        }
        // Before its turn at the webhook comes: meanwhile what happens goes on being sent.
        guard await slots.take(.test, for: webhook.owner) else {
            webhook.state.withLock { $0.hasTester = false }
            throw refusal(of: webhook)
        }
        defer { slots.give(.test, of: webhook.owner) }
        let tested = await withCheckedContinuation { continuation in
            let isClosed = isClosed
            let isWaiting = webhook.state.withLock { state in
                if isClosed || state.isGone {
                    state.hasTester = false
                    return false
                }
                state.tester = Webhook.Tester(continuation: continuation, trace: trace?.continued() ?? .random())
                return true
            }
            if isWaiting { drive(webhook) } else { continuation.resume(returning: .failure(refusal(of: webhook))) }
        }
        return try tested.get()
    }

    func test(_ webhook: Webhook, _ trace: TraceParent) async -> Webhook.Tested {
        let id = Webhook.makeBatchID()
        let body = WebhookBody(testOf: webhook.id, id: id, at: clock.now)
        guard let request = request(webhook, id, body.bytes, trace) else {
            return .failure(webhook.state.withLock { $0.isGone } ? WebhookRoutes.nothingHere : WebhookRoutes.noSecret)
        }
        let start = clock.uptime()
        let outcome = await transport.send(request)
        counts.note(outcome.label)
        guard outcome != .cancelled else { return .failure(refusal(of: webhook)) }
        return .success(attempt(outcome, from: start))
    }

    /// Why an attempt was not made, or was ended before its time.
    private func refusal(of webhook: Webhook) -> Problem {
        webhook.state.withLock { $0.isGone } ? WebhookRoutes.nothingHere : SignInService.shuttingDown
    }
}
