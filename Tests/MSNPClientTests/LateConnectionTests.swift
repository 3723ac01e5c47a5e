import Loops
import MSNP
import TestSupport
import Testing

@testable import MSNPClient

/// Attempts to connect that outlive the loop that they are for.
@Suite(.timeLimit(.minutes(5))) struct LateConnectionTests {
    /// Knows an address, and keeps it until it is told to say it.
    private struct Late: AddressResolving {
        let asked = Recorder<Bool>()
        let mayAnswer = Recorder<Bool>()
        let endpoint: TCPEndpoint

        func resolve(_ address: ServerAddress) async -> [TCPEndpoint] {
            asked.record(true)
            _ = try? await mayAnswer.first { $0 }
            return [endpoint]
        }
    }

    @Test("A name that is resolved when the loops have ended already leads nowhere")
    func late() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let resolver = Late(endpoint: try #require(TCPEndpoint(literal: "127.0.0.1", port: server.address.port)))
        let address = ServerAddress(host: "late.example")
        let runtime = try ClientRuntime(loops: 1)
        let loop = runtime.loops[0]
        let connector = Connector(
            backend: Backend(BackendConfiguration(name: "test", address: address), resolver: resolver),
            loop: loop, budget: runtime.connections, unread: 1024)
        let told = Recorder<Bool>()
        let isReleased = Recorder<Bool>()
        do {
            let held = Held(isReleased: isReleased)
            connector.connect(to: address, until: .now + .seconds(600)) {
                FrameHandler(on: loop) { _ in }
            } done: { _ in
                told.record(true)
                withExtendedLifetime(held) {}
            }
        }
        try await resolver.asked.first { $0 }
        await runtime.shutdown()
        resolver.mayAnswer.record(true)
        try await isReleased.first { $0 }
        #expect(told.all.isEmpty)
        #expect(server.accepted == 0)
        // Given back with what waited, a moment sooner or later.
        while runtime.connections.used > 0 { await Task.yield() }
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
            let runtime = try ClientRuntime(loops: 1)
            let loop = runtime.loops[0]
            let isReleased = Recorder<Bool>()
            do {
                let held = Held(isReleased: isReleased)
                Connector(backend: backend, loop: loop, budget: runtime.connections, unread: 1024)
                    .connect(to: server.address, until: .now + .seconds(600)) {
                        FrameHandler(on: loop) { _ in }
                    } done: { _ in
                        withExtendedLifetime(held) {}
                    }
            }
            for _ in 0..<delay { await Task.yield() }
            await runtime.shutdown()
            try await isReleased.first { $0 }
        }
        try await server.stop()
    }

    @Test("Nothing begins on a loop that has ended, and nothing is left of it")
    func closed() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let runtime = try ClientRuntime(loops: 1)
        let loop = runtime.loops[0]
        await runtime.shutdown()
        let isReleased = Recorder<Bool>()
        do {
            let held = Held(isReleased: isReleased)
            let backend = Backend(BackendConfiguration(name: "test", address: server.address))
            Connector(backend: backend, loop: loop, budget: runtime.connections, unread: 1024)
                .connect(to: server.address, until: .now + .seconds(600)) {
                    FrameHandler(on: loop) { _ in }
                } done: { _ in
                    withExtendedLifetime(held) { _ = Issue.record("on a loop that has ended") }
                }
        }
        try await isReleased.first { $0 }
        // Given back with what waited, a moment sooner or later.
        while runtime.connections.used > 0 { await Task.yield() }
        #expect(server.accepted == 0)
        try await server.stop()
    }
}
