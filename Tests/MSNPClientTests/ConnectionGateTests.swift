import MSNP
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import MSNPClient

@Suite(.timeLimit(.minutes(5))) struct ConnectionGateTests {
    /// Knows an address, and keeps it until it is told to say it.
    private struct Late: AddressResolving {
        let asked = Recorder<Bool>()
        let mayAnswer = Recorder<Bool>()
        let endpoint: SocketAddress

        func resolve(_ address: ServerAddress) async -> [SocketAddress] {
            asked.record(true)
            _ = try? await mayAnswer.first { $0 }
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
        let told = Recorder<Bool>()
        let isReleased = Recorder<Bool>()
        do {
            let held = Held(isReleased: isReleased)
            connector.connect(to: address, until: .now() + .seconds(600)) {
                FrameHandler(traffic: BackendTraffic()) { _ in }
            } done: { _ in
                told.record(true)
                withExtendedLifetime(held) {}
            }
        }
        try await resolver.asked.first { $0 }
        gate.close()
        try await group.shutdownGracefully()
        resolver.mayAnswer.record(true)
        try await isReleased.first { $0 }
        #expect(told.all.isEmpty)
        #expect(server.accepted == 0)
        try await server.stop()
    }

    /// Says when nobody waits with it any more.
    private final class Held: Sendable {
        let isReleased: Recorder<Bool>
        init(isReleased: Recorder<Bool>) { self.isReleased = isReleased }
        deinit { isReleased.record(true) }
    }

    @Test("However the loops' end and an attempt fall together, nothing is left waiting")
    func race() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let backend = Backend(BackendConfiguration(name: "test", address: server.address))
        for delay in 0..<200 {
            let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
            let gate = ConnectionGate()
            let isReleased = Recorder<Bool>()
            do {
                let held = Held(isReleased: isReleased)
                Connector(backend: backend, eventLoop: group.next(), gate: gate, unread: 1024)
                    .connect(to: server.address, until: .now() + .seconds(600)) {
                        FrameHandler(traffic: BackendTraffic()) { _ in }
                    } done: { _ in
                        withExtendedLifetime(held) {}
                    }
            }
            for _ in 0..<delay { await Task.yield() }
            gate.close()
            try await group.shutdownGracefully()
            try await isReleased.first { $0 }
        }
        try await server.stop()
    }

    @Test("Nothing begins behind a closed gate")
    func closed() async {
        let gate = ConnectionGate()
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        var begun = 0
        func attempt() -> EventLoopFuture<any Channel> {
            begun += 1
            return loop.makeFailedFuture(UnreachableFailure(reason: .timedOut))
        }
        await #expect(throws: UnreachableFailure(reason: .timedOut)) { _ = try await gate.pass(attempt) }
        gate.close()
        await #expect(throws: UnreachableFailure(reason: .refused)) { _ = try await gate.pass(attempt) }
        #expect(begun == 1)
        gate.run(on: loop) { Issue.record("behind a closed gate") }
    }
}
