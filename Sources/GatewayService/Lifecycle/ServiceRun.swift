import Dispatch
import Glibc
package import Logging
package import ServiceLifecycle

/// Runs services until the process is asked to end.
package enum ServiceRun {
    /// Returns once everything has ended in order; when that takes longer than `budget`, the process exits instead.
    ///
    /// `reload` is called with each `SIGHUP`, on a thread of its own; without one there is nothing to read again, and the
    /// signal, which then means that the terminal is gone, asks for the end as others do.
    /// `stopping` is called with the first signal that asks for the end.
    /// `ready` is called when a signal would be heard: whoever waits for it may send one.
    package static func run(
        _ services: [ServiceGroupConfiguration.ServiceConfiguration], _ logger: Logger,
        budget: Duration = ShutdownBudget.total, reload: (@Sendable () -> Void)? = nil,
        stopping: @escaping @Sendable () -> Void = {}, ready: () -> Void
    ) async throws {
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: services, logger: logger))
        let signals = ShutdownSignals.usual + (reload == nil ? [SIGHUP] : [])
        await ShutdownSignals.watch(signals, logger, budget: budget) {
            logger.info("shutting down")
            stopping()
            // A group that does not run yet remembers it.
            Task { await group.triggerGracefulShutdown() }
        }
        if let reload { await ReloadSignal.watch(reload) }
        ready()
        try await group.run()
    }
}

extension ServiceGroupConfiguration.ServiceConfiguration {
    /// A service that runs by itself already: it waits for the end of the process and then does its part of it.
    package static func stopping(_ name: String, _ stop: @escaping @Sendable () async -> Void) -> Self {
        Self(
            service: ClosureService {
                // A group that is cancelled ends in the same way.
                try? await gracefulShutdown()
                await stop()
            },
            serviceName: name)
    }
}

/// `SIGHUP`, which asks a service to read its settings again.
enum ReloadSignal {
    /// Of its own: reading files may take its time, and must not keep the signals waiting that end the process.
    private static let queue = DispatchQueue(label: "msnp-gateway.reload")

    /// Watches from when it returns until the process ends; once in each process.
    ///
    /// `reload` is called on a thread of Dispatch, one call at a time; signals that come meanwhile are one more.
    static func watch(_ reload: @escaping @Sendable () -> Void) async {
        let source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: queue)
        source.setEventHandler {
            // Keeps the source: one that nobody refers to hears nothing.
            _ = source
            reload()
        }
        // Before that the signal would still end the process.
        await withCheckedContinuation { continuation in
            source.setRegistrationHandler { continuation.resume() }
            source.activate()
        }
    }
}

/// How long the end of the process may take, all told.
///
/// Container engines kill after 10 s, and people at a terminal after less. What takes time is other people's machines:
/// servers that don't answer `OUT` (`FlowTimeouts.goodbye`, 1 s for all sessions together), and clients that don't read
/// their last answer.
package enum ShutdownBudget {
    /// From the signal to the end, whatever hangs; leaves something of 5 s to the kernel.
    package static let total = Duration.milliseconds(4_500)
    /// For answers that are on their way when the sessions are gone.
    package static let answers = Duration.seconds(1)
}
