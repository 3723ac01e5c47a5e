import ByteText
import Digests
import Locking
import Logging
import MSNPClient
import Storage
import Webhooks

/// All webhooks of the process, and what carries their bodies.
///
/// Nothing of it is there before the first webhook: neither a transport, nor somebody who is told of events.
final class WebhookRegistry: Sendable {
    private struct State: Sendable {
        var all: [ByteText: Webhook] = [:]
        /// Those of each key, in the order in which they were made.
        var owned: [Owner: [Webhook]] = [:]
        var configuration: WebhookConfiguration
        /// Nil before the first webhook.
        var transport: (any WebhookTransport)?
        var isClosed = false
        /// What another process has left is taken up, and the process may not start yet: nothing is sent.
        var isHeld = false
        /// Changes of each key's that the store has or gets and that are not known to be written.
        var unwritten: [Owner: Int] = [:]
        /// Saves how far those have come for whom nothing was sent.
        var saving: ScheduledWork?
    }

    /// How long what was passed over without sending anything is not written: a crash has it looked at once more.
    private static let saveInterval: Duration = .seconds(30)

    let registry: SessionRegistry
    let keeper: StateKeeper?
    let clock: GatewayClock
    let logger: Logger
    let slots: WebhookSlots
    let counts = WebhookCounts()
    private let state: Locked<State>

    init(registry: SessionRegistry, _ configuration: WebhookConfiguration, logger: Logger) {
        self.registry = registry
        keeper = registry.keeper
        clock = registry.clock
        self.logger = logger
        slots = WebhookSlots(
            prompt: configuration.promptAttempts, slow: configuration.slowAttempts, tests: configuration.tests)
        state = Locked(State(configuration: configuration))
    }

    var configuration: WebhookConfiguration { state.withLock { $0.configuration } }

    /// On which loop waits end.
    var loop: any SessionLoop { configuration.loop ?? registry.runtime.household }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Whether nothing is sent yet, whatever comes.
    var isHeld: Bool { state.withLock { $0.isHeld } }

    /// What outlives the process.
    var isDurable: Bool { keeper != nil }

    /// Has webhooks go where the operator says now.
    func use(_ changed: WebhookConfiguration) {
        let (transport, policy) = state.withLock { state in
            // The proxy stays as it was until the next start.
            state.configuration.policy.listed = changed.policy.listed
            return (state.transport, state.configuration.policy)
        }
        transport?.use(policy)
    }

    /// What carries bodies, made with the first call.
    var transport: any WebhookTransport {
        let clock = clock
        return state.withLock { state in
            if let transport = state.transport { return transport }
            let transport = state.configuration.makeTransport(state.configuration, clock)
            state.transport = transport
            return transport
        }
    }

    // MARK: - Which there are

    /// The webhook with that ID, whoever's it is.
    func find(_ id: Substring) -> Webhook? { state.withLock { $0.all[ByteText(id)] } }

    /// Those of a key, or everybody's where no owner is given, in the order in which they were made.
    func webhooks(of owner: Owner?) -> [Webhook] {
        state.withLock { state in
            guard let owner else { return state.owned.values.flatMap(\.self) }
            return state.owned[owner] ?? []
        }
    }

    /// Makes a webhook for what comes from now on; throws `Problem` where there are too many or nothing can be sent.
    func make(
        _ url: WebhookURL, _ selection: WebhookSelection, _ secret: WebhookSecret, of owner: Owner
    ) throws(Problem) -> Webhook {
        guard case .key(let key) = owner else { throw Authorizer.unauthorized }
        do {
            try transport.prepare()
        } catch {
            logger.error("webhooks can't be sent", metadata: ["reason": "\(error)"])
            throw Problem(.webhooksUnavailable, "The gateway can't send webhooks: something is missing on its machine.")
        }
        let feed = registry.feed(of: owner)
        var stored = StoredWebhook(
            id: Webhook.makeID(), owner: key, url: url.text, createdAt: clock.milliseconds())
        stored.types = selection.types
        stored.sessions = selection.sessions
        let delivery = StoredDelivery(webhook: stored.id, position: feed.head)
        let webhook = Webhook(
            Webhook.State(
                stored: stored, url: url, selection: selection, secrets: WebhookSecrets(secret),
                machine: WebhookDelivery(), delivery: delivery),
            owner: owner, feed: feed)
        return try changing(owner) { () throws(Problem) in
            try add(webhook)
            save(webhook)
            log(.info, "webhook made", webhook)
            return webhook
        }
    }

    private func add(_ webhook: Webhook) throws(Problem) {
        try state.withLock { state throws(Problem) in
            guard !state.isClosed else { throw SignInService.shuttingDown }
            let owned = state.owned[webhook.owner, default: []]
            guard owned.count < GatewayLimits.webhooks else {
                throw Problem(
                    .invalidRequest,
                    "There are \(GatewayLimits.webhooks) webhooks of this key already, as many as there may be.")
            }
            state.all[ByteText(webhook.id)] = webhook
            state.owned[webhook.owner] = owned + [webhook]
            // Weakly: the feed may outlive the gateway.
            webhook.feed.readers.watch { [weak self, owner = webhook.owner] in self?.noteNews(of: owner) }
        }
    }

    /// Forgets a webhook: nothing more is sent.
    func remove(_ webhook: Webhook) { changing(webhook.owner) { forget(webhook) } }

    private func forget(_ webhook: Webhook) {
        state.withLock { state in
            state.all[ByteText(webhook.id)] = nil
            state.owned[webhook.owner]?.removeAll { $0 === webhook }
            guard state.owned[webhook.owner]?.isEmpty == true else { return }
            state.owned[webhook.owner] = nil
            webhook.feed.readers.watch(nil)
        }
        let (task, alarms) = webhook.state.withLock { state in
            state.isGone = true
            state.mustSend = false
            state.machine.disable(.byOwner)
            keeper?.store.note(StoredWebhook.removal(of: webhook.id), under: nil)
            return (state.task, [state.alarm, state.forgetting])
        }
        for alarm in alarms { alarm?.cancel() }
        task?.cancel()
        log(.info, "webhook deleted", webhook)
    }

    /// Forgets those of keys that are not among these.
    func remove(exceptOf owners: Set<Owner>) {
        let gone = state.withLock { state in
            state.owned.filter { !owners.contains($0.key) }.values.flatMap(\.self)
        }
        for webhook in gone { remove(webhook) }
    }

    // MARK: - What outlives the process

    /// Brings back what another process has left; `resume` begins to send what waits.
    ///
    /// Once, with the feeds in their places.
    func restore(_ stored: [StoredWebhook], _ kept: [StoredDelivery], owners: Set<Owner>) {
        guard let keeper else { return }
        // That the sessions are away is an event already.
        state.withLock { $0.isHeld = true }
        var deliveries: [ByteText: StoredDelivery] = [:]
        for delivery in kept { deliveries[ByteText(delivery.webhook)] = delivery }
        var gone: [RecordChange] = []
        for record in stored.sorted(by: { ($0.createdAt, ByteText($0.id)) < ($1.createdAt, ByteText($1.id)) }) {
            let delivery = deliveries.removeValue(forKey: ByteText(record.id))
            guard owners.contains(.key(id: record.owner)) else {
                gone += StoredWebhook.removal(of: record.id)
                continue
            }
            if let delivery { restore(record, delivery, keeper) }
        }
        for id in deliveries.keys { gone += StoredWebhook.removal(of: id.text) }
        if !gone.isEmpty { keeper.store.note(gone, under: nil) }
    }

    private func restore(_ record: StoredWebhook, _ delivery: StoredDelivery, _ keeper: StateKeeper) {
        // Whoever read it has looked at that.
        guard let url = try? WebhookURL(record.url) else { return }
        let owner = Owner.key(id: record.owner)
        var record = record
        let opened = record.sealed.flatMap { keeper.sealing?.open($0, for: SealingContext(record)) }
        defer { opened?.erase() }
        let secrets = opened.flatMap { WebhookSecrets(sealable: $0, previousUntil: record.previousUntil) }
        // What another key sealed is sealed anew.
        let isOld = secrets != nil && record.sealed?.key != keeper.sealing?.first
        if isOld { record.sealed = nil }
        let reason = record.disabled.flatMap { WebhookDisabledReason(rawValue: $0) }
        let webhook = Webhook(
            Webhook.State(
                stored: record, url: url,
                selection: WebhookSelection(types: record.types, sessions: record.sessions), secrets: secrets,
                machine: WebhookDelivery(
                    failures: Int(clamping: delivery.failures), failing: .milliseconds(delivery.failingFor),
                    disabled: reason ?? (secrets == nil ? .secretNotKept : nil)),
                delivery: delivery),
            owner: owner, feed: registry.feed(of: owner))
        // More than there may be were never made.
        try? add(webhook)
        if isOld { save(webhook) }
        if secrets == nil { log(.warning, "webhook is disabled", webhook, ["reason": "secretNotKept"]) }
    }

    /// One attempt for each that has something to say, whenever its turn comes.
    func resume() {
        state.withLock { $0.isHeld = false }
        let all = webhooks(of: nil)
        guard !all.isEmpty else { return }
        do {
            try transport.prepare()
        } catch {
            logger.error("webhooks can't be sent", metadata: ["reason": "\(error)"])
        }
        for webhook in all {
            forgetFormerSecrets(of: webhook)
            noteNews(webhook)
        }
        logger.info("webhooks come back", metadata: ["webhooks": "\(all.count)"])
    }

    /// Has the store take a webhook as it is now.
    func save(_ webhook: Webhook) {
        guard let keeper else { return }
        let now = clock.milliseconds()
        changing(webhook.owner) {
            webhook.state.withLock { state in
                guard !state.isGone else { return }
                keeper.store.note(state.changes(keeper.sealing, at: now), under: nil)
            }
        }
    }

    /// Has the store take how far it has come, if it does not know.
    func saveDelivery(_ webhook: Webhook) {
        guard let keeper, webhook.state.withLock({ $0.isUnsaved && !$0.isGone }) else { return }
        changing(webhook.owner) {
            webhook.state.withLock { state in
                guard state.isUnsaved, !state.isGone else { return }
                keeper.store.note(state.deliveryChange(), under: nil)
            }
        }
    }

    // MARK: - What is not written

    /// Does what changes webhooks of a key, and has whoever looks at them meanwhile wait until that is written.
    func changing<Value, Failure: Error>(
        _ owner: Owner, _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        guard let keeper else { return try body() }
        state.withLock { $0.unwritten[owner, default: 0] += 1 }
        defer {
            Task { [weak self] in
                // Of a store that is closed nobody hears more.
                do throws(StoreError) { try await keeper.store.flush() } catch { return }
                self?.state.withLock { state in
                    let left = state.unwritten[owner, default: 0] - 1
                    state.unwritten[owner] = left > 0 ? left : nil
                }
            }
        }
        return try body()
    }

    /// Whether something of a key's webhooks, or of everybody's where no owner is given, is not written.
    func hasUnwritten(of owner: Owner?) -> Bool {
        // What was left for later is not told before either.
        for webhook in webhooks(of: owner) where webhook.state.withLock({ $0.isUnsaved }) { saveDelivery(webhook) }
        return state.withLock { state in owner.map { state.unwritten[$0] != nil } ?? !state.unwritten.isEmpty }
    }

    /// The same, some time from now and for all that need it.
    func saveLater() {
        guard keeper != nil else { return }
        state.withLock { state in
            guard state.saving == nil, !state.isClosed else { return }
            let loop = state.configuration.loop ?? registry.runtime.household
            state.saving = loop.after(Self.saveInterval) { [weak self] in
                guard let self else { return }
                self.state.withLock { $0.saving = nil }
                for webhook in self.webhooks(of: nil) { self.saveDelivery(webhook) }
            }
        }
    }

    // MARK: - The end

    /// Sends nothing more, and returns when nothing is under way; what was on its way stays there for the next process.
    func stop() async {
        let (all, transport, saving) = state.withLock { state in
            state.isClosed = true
            return (Array(state.all.values), state.transport, state.saving)
        }
        saving?.cancel()
        slots.close()
        await transport?.close()
        for webhook in all {
            let (task, alarms) = webhook.state.withLock { ($0.task, [$0.alarm, $0.forgetting]) }
            for alarm in alarms { alarm?.cancel() }
            await task?.value
            saveDelivery(webhook)
        }
    }

    // MARK: - The log

    func log(
        _ level: Logger.Level, _ message: Logger.Message, _ webhook: Webhook, _ more: Logger.Metadata = [:]
    ) {
        // All of the URL but its query, in which people put secrets.
        var metadata: Logger.Metadata = [
            "webhook": "\(webhook.id)", "url": "\(webhook.state.withLock { $0.url })",
        ]
        metadata.merge(more) { $1 }
        logger.log(level: level, message, metadata: metadata)
    }
}
