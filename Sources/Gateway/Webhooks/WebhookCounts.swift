import Locking

/// What webhooks count, for the metrics.
final class WebhookCounts: Sendable {
    private let outcomes = Locked<[String: Int]>([:])
    /// Events that receivers have taken, gaps among them.
    let events = Tally()

    /// How often attempts ended, by how: a few words.
    var attempts: [String: Int] { outcomes.withLock { $0 } }

    func note(_ outcome: String) { outcomes.withLock { $0[outcome, default: 0] += 1 } }
}
