package import HTTPFront
import Locking
package import Logging
package import MSNPClient
package import Storage

/// The gateway: requests come in, sessions live, answers go out.
package final class Gateway: RequestHandler {
    let registry: SessionRegistry
    let router: Router
    let metrics: Metrics
    let webhooks: WebhookRegistry
    /// Sessions that were taken up and have not begun to come back.
    private let returning = Locked<[Session]>([])
    /// As it was started.
    private let configuration: GatewayConfiguration
    private let access: Current<AccessRules>
    private let limits: Current<GatewayLimits>
    private let keys: APIKeyStore?
    private let loops: SessionLoops
    private let environment: SessionEnvironment
    private let backends: [Backend]
    private let requireReady: @Sendable () throws(Problem) -> Void
    let logger: Logger
    /// Of the HTTP server's loops.
    let longTurns: RateLimitedWarning

    /// Prepares everything; throws `StaticFilesError` when the static pages can't be read.
    ///
    /// - Parameter state: where sessions and what happens in them outlive the process; nil where nothing does.
    package init(
        _ configuration: GatewayConfiguration, runtime: ClientRuntime, logger: Logger, clock: GatewayClock = .system,
        state: StateKeeper? = nil
    ) throws(StaticFilesError) {
        let limits = Current(configuration.limits)
        let access = Current(AccessRules(configuration))
        let journals = JournalBudget(limit: configuration.limits.totalJournalBytes)
        let registry = SessionRegistry(
            limits: limits, runtime: runtime, clock: clock, journals: journals, keeper: state)
        let loops = SessionLoops(runtime)
        let environment = SessionEnvironment(
            clock: clock, runtime: runtime, loops: loops, logger: logger, currentLimits: limits,
            // Weakly: the registry holds the sessions.
            journals: journals, reads: KeptReads(sweptOn: runtime.household), state: state,
            trimJournals: { [weak registry] in registry?.trimJournals() },
            ended: { [weak registry] session, settle in
                if let registry { registry.sessionEnded(session, settle) } else { settle() }
            })
        let backends = configuration.backends.map { Backend($0) }
        let signIn = SignInService(backends: backends, registry: registry, environment: environment)
        let webhooks = WebhookRegistry(registry: registry, configuration.webhooks, logger: logger)
        metrics = Metrics(
            backends: backends, registry: registry, webhooks: webhooks,
            idempotency: IdempotencyStore(clock: clock, keeper: state), version: configuration.version)
        let files = try configuration.webDirectory.map { directory throws(StaticFilesError) in
            try StaticFiles(directory: directory, clock: clock) { error in
                logger.error("the files of the page can't be read", metadata: ["reason": "\(error)"])
            }
        }
        for link in files?.leaving ?? [] {
            logger.warning("a link leaves the web folder and is not followed", metadata: ["link": "\(link)"])
        }
        let requireReady: @Sendable () throws(Problem) -> Void = { () throws(Problem) in
            guard !registry.isClosed else { throw SignInService.shuttingDown }
            guard state?.canWrite ?? true else { throw AnswerHold.unavailable }
        }
        self.requireReady = requireReady
        let system = SystemRoutes(
            configuration: configuration, backends: backends, clock: clock, access: access,
            requireReady: requireReady)
        router = Router(
            routes: system.routes + SessionRoutes(signIn: signIn, registry: registry, access: access).routes
                + ContactRoutes().routes + SettingRoutes().routes + MessageRoutes().routes
                + ConversationRoutes().routes + ServiceRoutes().routes + OutreachRoutes().routes + EventRoutes().routes
                + FeedRoutes(registry: registry).routes + KeyRoutes(keys: configuration.keys).routes
                + WebhookRoutes(webhooks: webhooks, keys: configuration.keys).routes
                + [
                    ProblemsPage.route
                ] + (configuration.description.map { DescriptionRoutes($0).routes } ?? [])
                + (configuration.sandbox.map { SandboxRoutes(sandbox: $0).routes } ?? [])
                + MetricsRoutes(metrics: metrics).routes,
            files: files ?? .none, configuration: configuration, registry: registry, metrics: metrics, logger: logger,
            access: access)
        let refusals = RateLimitedWarning(
            "connections to servers are refused: there are as many as there may be", counting: "refused", logger, clock)
        let connections = runtime.connections
        // Weakly: it is kept by what it asks.
        connections.onRefusal { [weak connections] in
            refusals.note(connections.map { ["connections": "\($0.most)"] } ?? [:])
        }
        let sessionTurns = RateLimitedWarning("a loop of sessions had others wait", counting: "turns", logger, clock)
        runtime.onLongTurn { sessionTurns.note($0.metadata) }
        keys = configuration.keys
        // Weakly: nothing of a gateway that is gone is to be signed out.
        if let keys { registry.takeOverPaces(of: keys.list) }
        configuration.keys?.watch(on: runtime.household) { [weak registry, weak webhooks] keys in
            registry?.takeOverPaces(of: keys)
            let owners = Set(keys.keys.map(\.owner))
            // First: what ends with a key is nobody's news any more.
            webhooks?.remove(exceptOf: owners)
            registry?.signOut(exceptOf: owners)
        }
        longTurns = RateLimitedWarning("an HTTP loop had others wait", counting: "turns", logger, clock)
        self.configuration = configuration
        self.access = access
        self.limits = limits
        self.loops = loops
        state?.retain(configuration.limits)
        state?.keepTime(on: runtime.household)
        // Weakly: the store keeps nothing of a gateway that is gone.
        registry.onForgetting { [weak idempotency = metrics.idempotency] in idempotency?.forget(session: $0) }
        // Of the state nothing but its place: it has the store, which has this.
        state?.store.onHealth { [logger, place = state?.store.place ?? ""] health in
            switch health {
            case .good: logger.notice("the state can be written again")
            case .failing(let reason):
                logger.error(
                    "the state can't be written: nothing is begun until it can",
                    metadata: ["reason": "\(reason)", "file": "\(place)"])
            }
        }
        self.webhooks = webhooks
        self.environment = environment
        self.backends = backends
        self.registry = registry
        self.logger = logger
    }

    /// What becomes of a request, for the HTTP server.
    package func receive(_ head: RequestHead) -> Reception { router.receive(head) }

    /// The same, with what was worked out of the same head before.
    package func receive(_ head: RequestHead, _ memo: inout HeadMemo?) -> Reception { router.receive(head, &memo) }

    /// The problem that answers a request whose framing is refused.
    package func refuse(_ refusal: FramingRefusal, _ head: RequestHead?) -> Response { router.refuse(refusal, head) }

    /// Has what an HTTP server counts among the metrics; nil when the server is gone.
    package func include(_ front: @escaping @Sendable () -> HTTPStatistics?) { metrics.include(front) }

    /// Takes over what can change while the gateway runs, and leaves the rest as it is.
    ///
    /// That is who may call and from where, where webhooks may go, and the limits; a limit that is lower than what is there already lets nothing
    /// new in and ends nothing. What each journal keeps counts for sessions that are opened from now on.
    package func apply(_ changed: GatewayConfiguration) {
        // Where it listens and who has keys stays as it is, whatever the changed one says.
        var now = configuration
        now.publicHosts = changed.publicHosts
        now.corsOrigins = changed.corsOrigins
        now.trustedProxies = changed.trustedProxies
        now.proxyHeader = changed.proxyHeader
        now.openSignIn = changed.openSignIn
        access.replace(AccessRules(now))
        limits.replace(changed.limits)
        registry.journals.limit = changed.limits.totalJournalBytes
        registry.keeper?.retain(changed.limits)
        webhooks.use(changed.webhooks)
    }

    /// Brings back what another process has left, and begins to sign in its sessions again.
    ///
    /// Once, before anybody calls. Throws `StoreError` where the store can't be read.
    package func restore() async throws(StoreError) {
        try await takeUp()
        comeBack()
    }

    /// Takes up what another process has left, so that all of it can be read; nothing goes out yet.
    ///
    /// Once, before anybody calls. Throws `StoreError` where the store can't be read.
    package func takeUp() async throws(StoreError) {
        guard let keeper = registry.keeper else { return }
        let owners = Set(keys?.inUse.map(\.record.owner) ?? [])
        let restoration = Restoration(
            keeper: keeper, registry: registry, environment: environment, backends: Words(backends, \.name),
            owners: owners, idempotency: metrics.idempotency)
        let kept = try await restoration.read()
        warn(of: kept.ahead, in: keeper.store.place)
        let sessions = restoration.restore(kept)
        webhooks.restore(kept.webhooks, kept.deliveries, owners: owners)
        let figures = keeper.store.figures
        if figures.damagedEvents > 0 {
            logger.warning(
                "events of the state can't be read and are missing",
                metadata: ["events": "\(figures.damagedEvents)", "file": "\(keeper.store.place)"])
        }
        if figures.passedOverNumbers > 0 {
            logger.warning(
                "numbers of events are passed over, as events that were lost may have had them",
                metadata: ["numbers": "\(figures.passedOverNumbers)", "file": "\(keeper.store.place)"])
        }
        returning.withLock { $0 = sessions }
    }

    /// Begins to sign in the sessions that were taken up, and to send what waits for webhooks.
    ///
    /// Once the process has all that it needs: one that can't start is not to do so each time.
    package func comeBack() {
        let sessions = returning.withLock { sessions in
            defer { sessions = [] }
            return sessions
        }
        for session in sessions { session.comeBack() }
        if !sessions.isEmpty { logger.info("sessions come back", metadata: ["sessions": "\(sessions.count)"]) }
        webhooks.resume()
    }

    /// Names what is left out, and nothing of what stands there.
    private func warn(of faults: [RecordFault], in place: String) {
        for fault in faults.prefix(Self.mostFaults) {
            logger.warning(
                "a record of the state speaks of events that are not there, and is left out",
                metadata: [
                    "table": "\(fault.table)", "of": "\(fault.holder ?? "")", "reason": "\(fault.reason)",
                    "file": "\(place)",
                ])
        }
        guard faults.count > Self.mostFaults else { return }
        logger.warning(
            "more records of the state are left out", metadata: ["records": "\(faults.count)", "file": "\(place)"])
    }

    /// Faults that are named in the log; `state check` names more.
    private static let mostFaults = 20

    /// What `/readyz` says.
    package var isReady: Bool {
        do {
            try requireReady()
            return true
        } catch {
            return false
        }
    }

    /// Turns `/readyz` to 503 and takes in no more sessions.
    package func beginShutdown() {
        registry.stopAdmitting()
    }

    /// Signs every session out and returns when all are gone; those that outlive the process stay sessions.
    ///
    /// A server that does not answer `OUT` is given `FlowTimeouts.goodbye`, all of them at the same time.
    package func shutdown() async {
        beginShutdown()
        keys?.stopWatching()
        let sessions = registry.connected
        logger.info("signing out", metadata: ["sessions": "\(sessions.count)"])
        let farewells = sessions.map { session in
            session.isKeptForNext
                ? Task(executorPreference: session.owed.executor) { await session.suspend() }
                : registry.signOut(session, .gatewayShutdown)
        }
        for farewell in farewells { await farewell.value }
        // What that told is written before the readers are told; a store that can't write now is not waited for.
        if let keeper = registry.keeper, keeper.canWrite { try? await keeper.flush(begun: true) }
        await loops.settle()
        await webhooks.stop()
    }
}
