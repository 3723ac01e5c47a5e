package import Gateway
import Glibc
package import MSNP
package import MSNPSandbox
package import ServiceLifecycle

/// A sandbox as a service of the process.
package final class RunningSandbox: Sendable {
    private let server: MSNPSandbox.Server
    private let limits: MSNPSandbox.Limits

    private init(_ server: MSNPSandbox.Server, _ limits: MSNPSandbox.Limits) {
        self.server = server
        self.limits = limits
    }

    /// Listens and serves; throws `StartError.sandbox`.
    package static func start(_ configuration: MSNPSandbox.Configuration) async throws(StartError) -> RunningSandbox {
        do {
            return RunningSandbox(try await MSNPSandbox.Server.start(configuration), configuration.limits)
        } catch {
            throw .sandbox(configuration.dispatchAddress, reason: reason(error))
        }
    }

    /// Where clients start.
    package var address: ServerAddress { server.dispatchAddress }

    /// Says `OUT SSD` to everybody and returns when all is closed and the thread has ended.
    package func stop() async { await server.shutdown() }

    /// Waits for the end of the process, then stops.
    package var service: ServiceGroupConfiguration.ServiceConfiguration {
        .stopping("sandbox") { await self.stop() }
    }

    private static func reason(_ error: ServerError) -> String {
        switch error {
        case .unknownHost: "nobody knows an address of that name"
        case .system(_, EADDRINUSE): "the port is taken"
        case .system(_, EADDRNOTAVAIL): "this machine does not have that address"
        case .system(_, EACCES): "ports below 1024 are for root"
        case .system(let call, let code): "\(call) failed with error \(code)"
        }
    }
}

extension RunningSandbox: SandboxControl {
    package var faults: [String] { Fault.allCases.map(\.rawValue) }

    package var largestCount: Int { limits.faultCount }

    package func order(_ fault: String, account: String?, count: Int?) async -> SandboxOrder {
        guard let fault = Fault(rawValue: fault) else { return .nobodyThere }
        if let account, await server.account(account) == nil { return .unknownAccount }
        return await server.order(fault, account: account, count: count) ? .accepted : .nobodyThere
    }
}
