import Locking
import Webhooks

extension WebhookRegistry {
    /// Adds what is counted of webhooks; none of the labels says anything about a key or an endpoint.
    func addMetrics(to out: inout PrometheusText) {
        let all = webhooks(of: nil)
        var states: [WebhookDelivery.Health: Int] = [:]
        var most = (events: 0, seconds: 0)
        for webhook in all {
            let health = webhook.state.withLock { $0.machine.health }
            states[health, default: 0] += 1
            // Whoever is disabled gets no further behind by any fault.
            guard health != .disabled else { continue }
            let lag = lag(of: webhook)
            most = (max(most.events, lag.events), max(most.seconds, lag.seconds ?? 0))
        }
        let name = "msnp_gateway_webhooks"
        out.begin(name, .gauge, "Webhooks by state.")
        for health in [WebhookDelivery.Health.active, .failing, .disabled] {
            out.sample(name, [("state", health.rawValue)], states[health] ?? 0)
        }
        let attempts = "msnp_gateway_webhook_attempts_total"
        out.begin(attempts, .counter, "Attempts to hand something to an endpoint, by what came of them.")
        let counted = counts.attempts
        let labels = ["accepted", "refused", "cancelled"] + WebhookFailure.allCases.map(\.rawValue)
        for label in labels { out.sample(attempts, [("outcome", label)], counted[label] ?? 0) }
        out.add(
            "msnp_gateway_webhook_events_total", .counter, "Events that endpoints have taken.", counts.events.value)
        out.add(
            "msnp_gateway_webhook_lag_events", .gauge, "Events that wait for the webhook that is furthest behind.",
            most.events)
        out.add(
            "msnp_gateway_webhook_lag_seconds", .gauge, "Since when the event has waited that has waited longest.",
            most.seconds)
    }
}
