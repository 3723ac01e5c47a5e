import Glibc
package import Logging
package import ServiceLifecycle

/// Runs services until the process is asked to end.
package enum ServiceRun {
    /// Returns once everything has ended in order; when that takes longer than `budget`, the process exits instead.
    ///
    /// `reload` is called with each `SIGHUP`, on a thread of its own; without one there is nothing to read again, and the
    /// signal, which then means that the terminal is gone, asks for the end as others do.
    /// `ready` is called when a signal would be heard: whoever waits for it may send one.
    package static func run(
        _ services: [ServiceGroupConfiguration.ServiceConfiguration], _ logger: Logger,
        budget: Duration = ShutdownBudget.total, reload: (@Sendable () -> Void)? = nil, ready: () -> Void
    ) async throws {
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: services, logger: logger))
        let signals = ShutdownSignals.usual + (reload == nil ? [SIGHUP] : [])
        await ShutdownSignals.watch(signals, logger, budget: budget) {
            logger.info("shutting down")
            // A group that does not run yet remembers it.
            Task { await group.triggerGracefulShutdown() }
        }
        if let reload { await ReloadSignal.watch(reload) }
        ready()
        try await group.run()
    }
}
