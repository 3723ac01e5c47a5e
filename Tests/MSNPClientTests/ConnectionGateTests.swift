import MSNP
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import MSNPClient

@Suite(.timeLimit(.minutes(1))) struct ConnectionGateTests {
    /// Knows an address, and keeps it until it is told to say it.
    private struct Late: AddressResolving {
        let asked = Recorder<Bool>()
        let mayAnswer = Recorder<Bool>()
        let endpoint: SocketAddress

        func resolve(_ address: ServerAddress) async -> [SocketAddress] {
            asked.record(true)
            await mayAnswer.first { $0 }
            return [endpoint]
        }
    }

    @Test("A name that is resolved when the loops have ended already leads nowhere")
    func late() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let resolver = Late(endpoint: try SocketAddress(ipAddress: "127.0.0.1", port: Int(server.address.port)))
        let address = ServerAddress(host: "late.example")
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let gate = ConnectionGate()
        let connector = Connector(
            backend: Backend(BackendConfiguration(name: "test", address: address), resolver: resolver),
            eventLoop: group.next(), gate: gate, unread: 1024)
        async let failure = Self.failure {
            _ = try await connector.connect(to: address, until: .now() + .seconds(600)) {
                FrameHandler(traffic: BackendTraffic()) { _ in }
            }
        }
        await resolver.asked.first { $0 }
        gate.close()
        try await group.shutdownGracefully()
        resolver.mayAnswer.record(true)
        #expect(await failure is UnreachableFailure)
        #expect(server.accepted == 0)
        try await server.stop()
    }

    @Test("Nothing begins behind a closed gate")
    func closed() {
        let gate = ConnectionGate()
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        var begun = 0
        func attempt() -> EventLoopFuture<any Channel> {
            begun += 1
            return loop.makeFailedFuture(UnreachableFailure(reason: .timedOut))
        }
        #expect(throws: Never.self) { try gate.begin(attempt) }
        gate.close()
        #expect(throws: UnreachableFailure.self) { try gate.begin(attempt) }
        #expect(begun == 1)
    }

    private static func failure(_ body: @Sendable () async throws -> Void) async -> (any Error)? {
        do {
            try await body()
            return nil
        } catch {
            return error
        }
    }
}
