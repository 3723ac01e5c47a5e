/// Sends messages until each has an outcome: none is lost on the way to the gateway, and none goes out twice.
///
/// A message is asked for again under the same key for as long as nobody has answered, or only with "later". So it may be sent
/// while the gateway is away. Messages for the same person, or the same conversation, go out in the order in which `send` was
/// called; others don't wait for them.
///
/// It keeps nothing on disk. Whoever has to send the same message after a start of the program gives it the same key, which the
/// gateway knows for 24 hours.
public actor Outbox {
    private let session: RemoteSession
    private let patience: Duration?
    /// Who waits behind the message that is being sent to each target, and how many they are with that.
    private var queues: [MessageDraft.Target: (queue: TurnQueue, users: Int)] = [:]

    /// An outbox of a session.
    ///
    /// - Parameters:
    ///   - session: whose messages they are.
    ///   - patience: how long a message is tried, from the first attempt on; nil for as long as it takes. Then it fails with what
    ///     came last, and whether it went out is not known where that is `connectionLost` or `timedOut`.
    public init(_ session: RemoteSession, patience: Duration? = nil) {
        self.session = session
        self.patience = patience
    }

    /// Sends a message, and returns what became of it: `delivered` or `unconfirmed`.
    ///
    /// Throws `GatewayError.problem` where it failed for good. A task that is cancelled stops asking; whether the message went out
    /// is then not known, and the same key is sure not to send it twice.
    public func send(_ draft: MessageDraft, key: IdempotencyKey = IdempotencyKey()) async throws(GatewayError)
        -> Message
    {
        let queue = enter(draft.target)
        defer { leave(draft.target) }
        guard await queue.take() else { throw .cancelled }
        defer { queue.pass() }
        return try await deliver(draft, key)
    }

    /// The queue of a target, which is there for as long as somebody has entered it.
    private func enter(_ target: MessageDraft.Target) -> TurnQueue {
        let entry = queues[target] ?? (TurnQueue(), 0)
        queues[target] = (entry.queue, entry.users + 1)
        return entry.queue
    }

    private func leave(_ target: MessageDraft.Target) {
        guard let entry = queues[target] else { return }
        queues[target] = entry.users > 1 ? (entry.queue, entry.users - 1) : nil
    }

    /// How many targets have somebody who sends, or waits.
    var busyTargets: Int { queues.count }

    private func deliver(_ draft: MessageDraft, _ key: IdempotencyKey) async throws(GatewayError) -> Message {
        let options = session.gateway.options
        let start = options.time.now()
        var failures = 0
        while true {
            let asked: Duration?
            let last: GatewayError
            do throws(GatewayError) {
                let message = try await session.send(draft, key: key)
                if message.delivery != .pending { return message }
                // The same key brings the outcome once that is known.
                (asked, last) = (nil, .timedOut)
            } catch {
                guard error.mayPass, !Self.isOutcome(error) else { throw error }
                (asked, last) = (error.retryAfter, error)
            }
            failures += 1
            let wait = options.backoff.wait(after: failures, asked: asked, random: options.time.random())
            if let patience, options.time.now() - start + wait > patience { throw last }
            do {
                try await options.time.sleep(wait)
            } catch {
                throw .cancelled
            }
        }
    }

    /// Whether the gateway has said what became of the message: then asking again changes nothing, or would be another message.
    private static func isOutcome(_ error: GatewayError) -> Bool {
        guard case .problem(let problem) = error else { return false }
        // Without `Retry-After` a 5xx is about this message, and not about the moment.
        return problem.isReplayed
            || problem.retryAfter == nil && problem.status != 429
                && problem.code != .known(.idempotencyInProgress)
    }
}
