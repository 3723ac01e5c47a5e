import Locking
import Logging
import MSNPClient
import Storage
import Webhooks

/// Sending: for each webhook one task, as long as there is something to do.
extension WebhookRegistry {
    /// How long it takes until what can't be read or written is tried again.
    private static let storeInterval: Duration = .seconds(5)

    /// Events of a key have come; on a loop.
    func noteNews(of owner: Owner) { for webhook in webhooks(of: owner) { noteNews(webhook) } }

    /// There may be something to send.
    func noteNews(_ webhook: Webhook) {
        webhook.state.withLock { state in
            state.hasNews = true
            state.take(state.machine.eventsCame())
        }
        drive(webhook)
    }

    /// Sees to it that somebody does what there is to do.
    func drive(_ webhook: Webhook) {
        guard !isHeld else { return }
        webhook.state.withLock { state in
            guard state.task == nil, state.mustSend || state.tester != nil else { return }
            state.task = Task { await self.run(webhook) }
        }
    }

    private enum Step {
        case none
        case send
        case test(Webhook.Tester)
    }

    private func run(_ webhook: Webhook) async {
        while true {
            let isClosed = isClosed
            let step = webhook.state.withLock { state -> Step in
                if let tester = state.tester {
                    (state.tester, state.hasTester) = (nil, false)
                    return .test(tester)
                }
                if state.mustSend, !isClosed {
                    state.mustSend = false
                    return .send
                }
                state.task = nil
                return .none
            }
            switch step {
            case .none: return
            case .send: await send(webhook)
            case .test(let tester): tester.continuation.resume(returning: await test(webhook, tester.trace))
            }
        }
    }

    // MARK: - Bodies

    private func send(_ webhook: Webhook) async {
        let lane = webhook.lane
        guard await slots.take(lane, for: webhook.owner) else { return foundNothing(webhook) }
        defer { slots.give(lane, of: webhook.owner) }
        let shipment: WebhookShipment?
        do throws(StoreError) {
            shipment = try await nextShipment(of: webhook)
        } catch {
            return tryAgain(webhook)
        }
        guard let shipment,
            let request = request(webhook, shipment.batch.id, shipment.body, .attempt(of: shipment.batch.digest))
        else { return foundNothing(webhook) }
        // It may have been switched off while its batch was written.
        guard webhook.state.withLock({ $0.machine.state == .inFlight }) else { return foundNothing(webhook) }
        let start = clock.uptime()
        let outcome = await transport.send(request)
        finish(webhook, shipment, outcome, at: request.url, from: start)
    }

    /// A signed request as things are now; nil where nothing is to be sent any more.
    func request(_ webhook: Webhook, _ id: String, _ body: [UInt8], _ trace: TraceParent) -> WebhookRequest? {
        let now = clock.milliseconds()
        if webhook.state.withLock({ $0.forgetFormerSecrets(at: now) }) { save(webhook) }
        let (url, key, secrets) = webhook.state.withLock { state in
            (state.url, state.stored.owner, state.isGone ? nil : state.secrets?.signing(at: now))
        }
        guard let secrets else { return nil }
        return WebhookRequest(
            url: url, key: key, id: id, timestamp: now / 1_000, body: body, secrets: secrets, traceparent: trace.text)
    }

    // MARK: - What comes of it

    private func finish(
        _ webhook: Webhook, _ shipment: WebhookShipment, _ outcome: WebhookOutcome, at url: WebhookURL,
        from start: Duration
    ) {
        counts.note(outcome.label)
        if outcome.isAccepted { counts.events.add(shipment.events) }
        let (uptime, chance, head) = (clock.uptime(), configuration.chance(), webhook.feed.head)
        let attempt = attempt(outcome, from: start)
        let now = clock.milliseconds()
        let settle: (inout Webhook.State) -> HealthChange = { [self] state in
            let before = state.machine.health
            if outcome != .cancelled { state.delivery.last = attempt }
            if state.url == url { state.isUntried = false }
            let isCurrent = state.round == shipment.round
            if outcome.isAccepted, isCurrent { state.accept(shipment.batch) }
            let hasMore = state.hasNews || state.delivery.position < head
            if state.url == url || outcome.isAccepted {
                state.take(state.machine.ended(outcome, hasMore: hasMore, at: uptime, chance: chance))
            } else {
                // It says nothing of where the webhook leads by now, and the body goes there.
                state.take(state.machine.ended(.cancelled, hasMore: hasMore, at: uptime, chance: chance))
                state.take(state.machine.eventsCame())
            }
            state.noteFailures(at: now)
            state.isUnsaved = true
            state.owesRecord = outcome.isAccepted
            let change = HealthChange(before: before, after: state.machine.health, reason: state.disabled)
            if change.isDisabled {
                state.stored.disabledAt = now
                if let keeper { keeper.store.note(state.changes(keeper.sealing, at: now), under: nil) }
            }
            return change
        }
        // Nobody sees that it is disabled before a record is under way that says so: a kill would have it tried again.
        let change =
            outcome.isAccepted
            ? webhook.state.withLock { settle(&$0) }
            : changing(webhook.owner) { webhook.state.withLock { settle(&$0) } }
        if !change.isDisabled, !outcome.isAccepted || webhook.state.withLock({ !$0.mustSend }) {
            // With more to send, the next batch's record says that this one was taken.
            saveDelivery(webhook)
        }
        note(change, webhook, outcome)
        wait(webhook)
    }

    /// What became of a webhook's health.
    private struct HealthChange: Sendable {
        let before: WebhookDelivery.Health
        let after: WebhookDelivery.Health
        let reason: WebhookDisabledReason?

        var isDisabled: Bool { before != .disabled && after == .disabled }
    }

    private func note(_ change: HealthChange, _ webhook: Webhook, _ outcome: WebhookOutcome) {
        guard change.before != change.after else { return }
        switch change.after {
        case .active: log(.notice, "webhook works again", webhook)
        case .failing: log(.warning, "webhook fails", webhook, outcome.metadata)
        case .disabled:
            log(
                .warning, "webhook is disabled", webhook,
                outcome.metadata.merging(["reason": "\(change.reason?.rawValue ?? "")"]) { $1 })
        }
    }

    func attempt(_ outcome: WebhookOutcome, from start: Duration) -> StoredDelivery.Attempt {
        let (seconds, attoseconds) = (clock.uptime() - start).components
        return StoredDelivery.Attempt(
            at: clock.milliseconds(), outcome: outcome.label, status: outcome.status.map { Int64($0) },
            duration: seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
    }

    /// There was nothing to send, or nobody may.
    private func foundNothing(_ webhook: Webhook) {
        let owesRecord = webhook.state.withLock { state in
            state.machine.foundNothing()
            // It came between the look and now.
            if state.hasNews { state.take(state.machine.eventsCame()) }
            return state.owesRecord
        }
        // No next body says it: the next process would send the last one again.
        if owesRecord { saveDelivery(webhook) }
    }

    /// The store could not do its part; after a while it may.
    private func tryAgain(_ webhook: Webhook) {
        webhook.state.withLock { $0.machine.foundNothing() }
        let alarm = loop.after(Self.storeInterval) { [weak self, weak webhook] in
            if let self, let webhook { self.noteNews(webhook) }
        }
        webhook.state.withLock { $0.alarm = alarm }
    }

    /// Has a wait end in its time, if there is one.
    func wait(_ webhook: Webhook) {
        guard let until = webhook.state.withLock({ $0.waitsUntil }), !isClosed else { return }
        let left = max(.zero, until - clock.uptime())
        let alarm = loop.after(left) { [weak self, weak webhook] in
            guard let self, let webhook else { return }
            let uptime = clock.uptime()
            webhook.state.withLock { state in state.take(state.machine.timeCame(at: uptime)) }
            // Where the clocks are not of one mind.
            if let until = webhook.state.withLock({ $0.waitsUntil }), until > uptime { return self.wait(webhook) }
            drive(webhook)
        }
        let before = webhook.state.withLock { state in
            defer { state.alarm = alarm }
            return state.alarm
        }
        before?.cancel()
        // It may have come while the alarm was being set.
        if left > .zero, until <= clock.uptime() { wait(webhook) }
    }
}

extension Webhook.State {
    /// Somebody has taken what was on its way.
    fileprivate mutating func accept(_ batch: StoredDelivery.Batch) {
        delivery.position = batch.through
        delivery.batch = nil
        delivery.loss = nil
    }

    /// Writes down how long it has been failing.
    mutating func noteFailures(at now: Int64) {
        delivery.failures = Int64(machine.failures)
        let (seconds, attoseconds) = machine.failing.components
        delivery.failingFor = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        delivery.failingSince = machine.failures == 0 ? nil : delivery.failingSince ?? now
    }
}
