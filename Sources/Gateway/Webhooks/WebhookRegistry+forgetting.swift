import Locking
import MSNPClient
import Storage
import Webhooks

/// Secrets whose day is over: they sign nothing, and stand nowhere any more.
extension WebhookRegistry {
    /// Lets those of a webhook go whose time has come, in memory and in its record, and comes back for those that have time.
    func forgetFormerSecrets(of webhook: Webhook) {
        let now = clock.milliseconds()
        let (areGone, until) = webhook.state.withLock { state in
            (state.forgetFormerSecrets(at: now), state.isGone ? nil : state.secrets?.previousUntil)
        }
        if areGone { save(webhook) }
        guard let until, !isClosed else { return }
        // By the wall clock, which the loop does not know: a call that comes too early comes again.
        let alarm = loop.after(.milliseconds(max(1_000, until - now))) { [weak self, weak webhook] in
            if let self, let webhook { forgetFormerSecrets(of: webhook) }
        }
        let before = webhook.state.withLock { state in
            defer { state.forgetting = alarm }
            return state.forgetting
        }
        before?.cancel()
    }
}

extension Webhook.State {
    /// Whether there were any; the record is to be written then.
    mutating func forgetFormerSecrets(at now: Int64) -> Bool {
        guard secrets?.forget(at: now) == true else { return false }
        stored.sealed = nil
        stored.previousUntil = nil
        return true
    }
}
