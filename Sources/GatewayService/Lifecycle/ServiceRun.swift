package import Logging
package import ServiceLifecycle

/// Runs services until the process is asked to end.
package enum ServiceRun {
    /// Returns once everything has ended in order; when that takes longer than `budget`, the process exits instead.
    ///
    /// `ready` is called when a signal would be heard: whoever waits for it may send one.
    package static func run(
        _ services: [ServiceGroupConfiguration.ServiceConfiguration], _ logger: Logger,
        budget: Duration = ShutdownBudget.total, ready: () -> Void
    ) async throws {
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: services, logger: logger))
        await ShutdownSignals.watch(logger, budget: budget) {
            logger.info("shutting down")
            // A group that does not run yet remembers it.
            Task { await group.triggerGracefulShutdown() }
        }
        ready()
        try await group.run()
    }
}
