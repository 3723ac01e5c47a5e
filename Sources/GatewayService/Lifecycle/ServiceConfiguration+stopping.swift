package import ServiceLifecycle

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
