package import Gateway
import Glibc
package import MSNP
package import MSNPSandbox
import NIOCore
import NIOPosix
package import ServiceLifecycle

/// A sandbox with the thread that it runs on.
package final class RunningSandbox: Sendable {
    private let server: MSNPSandbox.Server
    private let limits: MSNPSandbox.Limits
    private let loops: MultiThreadedEventLoopGroup

    private init(_ server: MSNPSandbox.Server, _ limits: MSNPSandbox.Limits, _ loops: MultiThreadedEventLoopGroup) {
        self.server = server
        self.limits = limits
        self.loops = loops
    }

    /// Listens and serves; throws `StartError.sandbox`.
    package static func start(_ configuration: MSNPSandbox.Configuration) async throws(StartError) -> RunningSandbox {
        // All of a sandbox is one value on one loop.
        let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        do {
            let server = try await MSNPSandbox.Server.start(configuration, group: loops)
            return RunningSandbox(server, configuration.limits, loops)
        } catch {
            // Only fails when the loops are gone already.
            try? await loops.shutdownGracefully()
            throw .sandbox(configuration.dispatchAddress, reason: reason(error))
        }
    }

    /// Where clients start.
    package var address: ServerAddress { server.dispatchAddress }

    /// Says `OUT SSD` to everybody and returns when all is closed and the thread has ended.
    package func stop() async {
        // Both only fail on what is closed already.
        try? await server.shutdown()
        try? await loops.shutdownGracefully()
    }

    /// Waits for the end of the process, then stops.
    package var service: ServiceGroupConfiguration.ServiceConfiguration {
        .stopping("sandbox") { await self.stop() }
    }

    private static func reason(_ error: any Error) -> String {
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE: "the port is taken"
        case EADDRNOTAVAIL: "this machine does not have that address"
        case EACCES: "ports below 1024 are for root"
        case let code?: "error \(code)"
        case nil: "\(error)"
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
