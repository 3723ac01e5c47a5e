import MSNP
import MSNPSandbox
import NIOCore
import NIOPosix

/// Runs a test against a sandbox on free ports of 127.0.0.1, and ends it afterwards.
func withServer(
    _ change: (inout Configuration) -> Void = { _ in },
    _ body: (Server, _ group: any EventLoopGroup) async throws -> Void
) async throws {
    var configuration = Configuration()
    configuration.port = 0
    configuration.robot = nil
    change(&configuration)
    // For the clients. One loop is enough, and leaves the cores to the tests.
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
        let server = try await Server.start(configuration)
        do {
            try await body(server, group)
        } catch {
            await server.shutdown()
            throw error
        }
        await server.shutdown()
    } catch {
        try await group.shutdownGracefully()
        throw error
    }
    try await group.shutdownGracefully()
}
