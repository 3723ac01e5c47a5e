import ByteText
import Locking
import Storage
import Webhooks

/// A webhook as callers see it, never with a secret.
struct WebhookResource: JSONObject, Sendable {
    let id: String
    /// The name of its key; nil for one that was revoked a moment ago.
    let key: String?
    let url: String
    let types: [String]?
    let sessions: [String]?
    let state: WebhookDelivery.Health
    /// Why it is disabled; nil while it is not.
    let reason: WebhookDisabledReason?
    let createdAt: Timestamp
    /// Nil while it does not fail.
    let failingSince: Timestamp?
    /// Nil while nothing waits for its time.
    let nextAttemptAt: Timestamp?
    /// Nil before the first.
    let lastAttempt: WebhookAttempt?
    let position: Cursor
    let lag: WebhookLag
    let isDurable: Bool

    func writeMembers(to json: inout JSONWriter) {
        json.member("createdAt", createdAt)
        json.member("durable", isDurable)
        json.member("enabled", state != .disabled)
        json.member("failingSince", failingSince)
        json.member("id", id)
        json.member("key", key)
        json.member("lag", lag)
        json.member("lastAttempt", lastAttempt)
        json.member("nextAttemptAt", nextAttemptAt)
        json.member("position", position)
        json.member("reason", reason?.rawValue)
        json.member("sessions", sessions)
        json.member("state", state.rawValue)
        json.member("types", types)
        json.member("url", url)
    }
}

/// How far a webhook is behind its key's events.
struct WebhookLag: JSONObject, Sendable {
    /// Of its sessions, whatever their types.
    let events: Int
    /// Since the first of them happened; 0 where there is none, nil where nobody knows.
    let seconds: Int?

    func writeMembers(to json: inout JSONWriter) {
        json.member("events", events)
        json.member("seconds", seconds)
    }
}

/// One attempt to hand something to an endpoint, and what came of it.
struct WebhookAttempt: JSONObject, Sendable {
    let attempt: StoredDelivery.Attempt

    func writeMembers(to json: inout JSONWriter) {
        json.member("milliseconds", Int(attempt.duration))
        json.member("outcome", attempt.outcome)
        json.member("status", attempt.status.map { Int($0) })
        json.member("time", Timestamp(milliseconds: attempt.at))
    }
}

extension WebhookRegistry {
    /// How far it is behind.
    func lag(of webhook: Webhook) -> WebhookLag {
        let (delivery, coverage) = webhook.state.withLock { ($0.delivery, $0.selection.coverage) }
        let (events, first) = webhook.feed.backlog(after: delivery.position, of: coverage)
        guard events > 0 || delivery.batch != nil || delivery.loss != nil else {
            return WebhookLag(events: 0, seconds: 0)
        }
        let since = delivery.batch?.firstAt ?? first?.time?.milliseconds
        return WebhookLag(events: events, seconds: since.map { Int(max(0, clock.milliseconds() - $0) / 1_000) })
    }

    /// What is shown of a webhook.
    ///
    /// - Parameters:
    ///   - key: the name of its key.
    ///   - isOwn: whether its owner looks; others see no query of the URL.
    func resource(of webhook: Webhook, key: String?, isOwn: Bool) -> WebhookResource {
        let (lag, now, uptime) = (lag(of: webhook), clock.now, clock.uptime())
        return webhook.state.withLock { state in
            WebhookResource(
                id: webhook.id, key: key, url: isOwn ? state.url.text : "\(state.url)",
                types: state.selection.types.map(WebhookSelection.items),
                sessions: state.selection.sessions.map(WebhookSelection.items), state: state.machine.health,
                reason: state.disabled, createdAt: Timestamp(milliseconds: state.stored.createdAt),
                failingSince: state.delivery.failingSince.map(Timestamp.init(milliseconds:)),
                nextAttemptAt: state.waitsUntil.map { now.advanced(by: max(.zero, $0 - uptime)) },
                lastAttempt: state.delivery.last.map(WebhookAttempt.init),
                position: webhook.feed.cursor(state.delivery.position), lag: lag, isDurable: isDurable)
        }
    }
}
