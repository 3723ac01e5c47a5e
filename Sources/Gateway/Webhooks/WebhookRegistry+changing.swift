import Locking
import Logging
import Storage
import Webhooks

/// What is to be other about a webhook; nil for what stays.
struct WebhookChanges: Sendable {
    var url: WebhookURL?
    var selection: WebhookSelection?
    var isEnabled: Bool?
}

/// What the owner of a webhook can have done to it.
extension WebhookRegistry {
    /// Changes it; what is on its way goes out as it was made.
    ///
    /// Throws `Problem` 409 where it can't be enabled for want of a secret.
    func change(_ webhook: Webhook, _ changes: WebhookChanges) throws(Problem) {
        try changing(webhook.owner) { () throws(Problem) in try apply(changes, to: webhook) }
    }

    private func apply(_ changes: WebhookChanges, to webhook: Webhook) throws(Problem) {
        let now = clock.milliseconds()
        let (before, after) = try webhook.state.withLock { state throws(Problem) in
            guard !state.isGone else { throw WebhookRoutes.nothingHere }
            let before = state.machine.health
            if changes.isEnabled == true, state.secrets == nil { throw WebhookRoutes.noSecret }
            if let url = changes.url { state.move(to: url) }
            if let selection = changes.selection {
                state.selection = selection
                state.stored.types = selection.types
                state.stored.sessions = selection.sessions
            }
            switch changes.isEnabled {
            case nil: break
            case true: state.enable()
            case false: state.disable(at: now)
            }
            state.noteFailures(at: now)
            return (before, state.machine.health)
        }
        save(webhook)
        switch (before, after) {
        case (.disabled, .disabled): break
        case (_, .disabled): log(.notice, "webhook is disabled", webhook, ["reason": "byOwner"])
        case (.disabled, _): log(.notice, "webhook is enabled", webhook)
        case (.active, _), (.failing, _): break
        }
        drive(webhook)
    }

    /// Has a webhook signed with another secret; the one before signs as well for a day.
    ///
    /// One that was disabled for want of a secret goes on.
    func rotate(_ webhook: Webhook) throws(Problem) -> WebhookSecret {
        try changing(webhook.owner) { () throws(Problem) in try makeSecret(of: webhook) }
    }

    private func makeSecret(of webhook: Webhook) throws(Problem) -> WebhookSecret {
        let (secret, now) = (WebhookSecret.random(), clock.milliseconds())
        let goesOn = try webhook.state.withLock { state throws(Problem) in
            guard !state.isGone else { throw WebhookRoutes.nothingHere }
            if state.secrets == nil {
                state.secrets = WebhookSecrets(secret)
            } else {
                state.secrets?.rotate(to: secret, at: now)
            }
            state.stored.sealed = nil
            state.stored.previousUntil = state.secrets?.previousUntil
            guard state.disabled == .secretNotKept else { return false }
            state.enable()
            state.noteFailures(at: now)
            return true
        }
        save(webhook)
        forgetFormerSecrets(of: webhook)
        log(.notice, "webhook has another secret", webhook)
        if goesOn { log(.notice, "webhook is enabled", webhook) }
        drive(webhook)
        return secret
    }

    /// Sends what comes after a position, again or for the first time; throws `Problem` where its key has no such position.
    func replay(_ webhook: Webhook, after position: ReadPosition) throws(Problem) {
        let start = try webhook.feed.resolve(position)
        try changing(webhook.owner) { () throws(Problem) in try begin(webhook, after: start) }
    }

    private func begin(_ webhook: Webhook, after start: UInt64) throws(Problem) {
        try webhook.state.withLock { state throws(Problem) in
            guard !state.isGone else { throw WebhookRoutes.nothingHere }
            state.goOn(after: start)
            state.hasNews = true
            state.take(state.machine.eventsCame())
        }
        saveDelivery(webhook)
        log(.info, "webhook begins again", webhook)
        drive(webhook)
    }
}

extension Webhook.State {
    /// What failed at one address is tried at once at another.
    fileprivate mutating func move(to url: WebhookURL) {
        let isOther = url != self.url
        self.url = url
        stored.url = url.text
        if isOther { isUntried = true }
        if isOther, machine.health == .failing { enable() }
    }

    fileprivate mutating func enable() {
        stored.disabled = nil
        stored.disabledAt = nil
        take(machine.enable())
    }

    fileprivate mutating func disable(at now: Int64) {
        // Nobody has begun, and so nobody will say how it ended.
        if mustSend { machine.foundNothing() }
        mustSend = false
        if stored.disabled == nil { stored.disabledAt = now }
        stored.disabled = WebhookDisabledReason.byOwner.rawValue
        machine.disable(.byOwner)
    }
}
