import Digests
import Locking
import Logging
import Storage
import Webhooks

/// A body that may go out: all of it is written.
struct WebhookShipment: Sendable {
    let round: UInt64
    let batch: StoredDelivery.Batch
    let body: [UInt8]
    /// Events and gaps in it.
    let events: Int
}

/// What goes out next: nothing that is not written.
extension WebhookRegistry {
    /// What is on its way, or else what comes next, once that is written; nil where there is nothing.
    func nextShipment(of webhook: Webhook) async throws(StoreError) -> WebhookShipment? {
        while let plan = begin(webhook) {
            if let batch = plan.batch {
                guard let body = try await body(of: batch, plan, webhook) else {
                    lose(batch, plan, webhook)
                    continue
                }
                if try await isWritten(webhook, plan.round) {
                    return WebhookShipment(round: plan.round, batch: batch, body: body.bytes, events: body.events)
                }
                continue
            }
            let portion = try await webhook.feed.portion(
                after: plan.position, plan.selection.filter, of: plan.selection.coverage, WebhookBody.limits)
            guard !portion.items.isEmpty || plan.loss != nil else {
                guard pass(portion.through, plan, webhook) else { return nil }
                continue
            }
            if let shipment = try await put(portion, plan, webhook) { return shipment }
        }
        return nil
    }

    /// What is known of a webhook when somebody begins to send.
    private struct Plan: Sendable {
        let round: UInt64
        let position: UInt64
        let loss: StoredDelivery.Loss?
        let batch: StoredDelivery.Batch?
        let selection: WebhookSelection
    }

    private func begin(_ webhook: Webhook) -> Plan? {
        webhook.state.withLock { state in
            guard state.machine.state == .inFlight, state.secrets != nil, !state.isGone else { return nil }
            state.hasNews = false
            return Plan(
                round: state.round, position: state.delivery.position, loss: state.delivery.loss,
                batch: state.delivery.batch, selection: state.selection)
        }
    }

    /// The bytes that went out before; nil where they can't be made again.
    private func body(
        of batch: StoredDelivery.Batch, _ plan: Plan, _ webhook: Webhook
    ) async throws(StoreError) -> WebhookBody? {
        let selection = WebhookSelection(types: batch.types, sessions: batch.sessions)
        let portion = try await webhook.feed.portion(
            after: plan.position, through: batch.through, selection.filter, of: selection.coverage, .none)
        let body = WebhookBody(
            portion, plan.loss, after: plan.position, of: webhook.feed, for: webhook.id,
            made: Timestamp(milliseconds: batch.madeAt))
        return SHA256.digest(of: body.bytes) == batch.digest ? body : nil
    }

    /// Events of what was on its way are gone: all of it becomes a gap, as nobody may get a part of it under another ID.
    private func lose(_ batch: StoredDelivery.Batch, _ plan: Plan, _ webhook: Webhook) {
        webhook.state.withLock { state in
            guard state.round == plan.round else { return }
            state.delivery.loss = .sum(state.delivery.loss, batch.events)
            state.delivery.position = batch.through
            state.delivery.batch = nil
            state.isUnsaved = true
        }
        log(.warning, "webhook loses a body whose events are no longer kept", webhook)
    }

    /// Goes past what nobody wants to have sent; false where there is nothing behind it.
    private func pass(_ position: UInt64, _ plan: Plan, _ webhook: Webhook) -> Bool {
        let (isNews, isBehind) = (position > plan.position, position < webhook.feed.head)
        guard isNews else { return false }
        webhook.state.withLock { state in
            guard state.round == plan.round else { return }
            state.delivery.position = position
            state.isUnsaved = true
        }
        saveLater()
        return isBehind
    }

    /// Makes a body of a portion, and has it written what that is; nil where something else is to be sent by now.
    private func put(_ portion: FeedPortion, _ plan: Plan, _ webhook: Webhook) async throws(StoreError)
        -> WebhookShipment?
    {
        let now = clock.now
        let body = WebhookBody(
            portion, plan.loss, after: plan.position, of: webhook.feed, for: webhook.id, made: now)
        let batch = StoredDelivery.Batch(
            id: Webhook.makeBatchID(), through: portion.through, events: portion.events,
            digest: SHA256.digest(of: body.bytes), madeAt: now.milliseconds, firstAt: body.firstAt.milliseconds,
            types: plan.selection.types, sessions: plan.selection.sessions)
        let isTaken = webhook.state.withLock { state in
            guard state.round == plan.round, !state.isGone else { return false }
            state.delivery.batch = batch
            state.isBatchWritten = keeper == nil
            keeper?.store.note(state.deliveryChange(), under: nil)
            return true
        }
        guard isTaken, try await isWritten(webhook, plan.round) else { return nil }
        return WebhookShipment(round: plan.round, batch: batch, body: body.bytes, events: body.events)
    }

    /// Waits until what is on its way is written; false where something else is by then.
    ///
    /// Throws `StoreError` where it can't be written now.
    private func isWritten(_ webhook: Webhook, _ round: UInt64) async throws(StoreError) -> Bool {
        if webhook.state.withLock({ !$0.isBatchWritten }) {
            try await keeper?.store.commit([], under: nil, .orNothing)
        }
        return webhook.state.withLock { state in
            guard state.round == round else { return false }
            state.isBatchWritten = true
            return true
        }
    }
}
