import Gateway
import GatewayClient
import HTTPFront
import Logging
import Loops
import MSNP
import MSNPClient
import MSNPSandbox

/// A gateway on a port of its own, with a sandbox behind it.
final class LiveGateway: Sendable {
    private let gateway: Gateway
    private let runtime: ClientRuntime
    private let sandbox: MSNPSandbox.Server
    private let server: HTTPServer

    static func start(_ change: (inout GatewayConfiguration) -> Void = { _ in }) async throws -> LiveGateway {
        var settings = MSNPSandbox.Configuration()
        settings.port = 0
        settings.robot = nil
        let sandbox = try await MSNPSandbox.Server.start(settings)
        var backend = BackendConfiguration(name: "sandbox", address: sandbox.dispatchAddress)
        backend.loginHosts = [MSNPSandbox.loginHost]
        backend.quirks.insert(.pipelines)
        var configuration = GatewayConfiguration(backends: [backend], listensOnLoopback: true)
        change(&configuration)
        return try LiveGateway(configuration, sandbox)
    }

    private init(_ configuration: GatewayConfiguration, _ sandbox: MSNPSandbox.Server) throws {
        let loops = try LoopGroup(count: 2)
        self.sandbox = sandbox
        runtime = ClientRuntime(on: loops)
        gateway = try Gateway(
            configuration, runtime: runtime, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        server = try HTTPServer.start(
            HTTPConfiguration(listen: ListenAddress(host: "127.0.0.1", port: 0), loops: 2, daemonsPerLoop: 4), gateway,
            on: loops)
    }

    var url: String { "http://127.0.0.1:\(server.address.port)" }

    func client(_ options: ClientOptions = ClientOptions()) throws -> RemoteGateway {
        RemoteGateway(try GatewayAddress(url), options: options)
    }

    func stop() async {
        await gateway.shutdown()
        await server.stop(grace: .seconds(1))
        await runtime.shutdown()
        await sandbox.shutdown()
    }
}
