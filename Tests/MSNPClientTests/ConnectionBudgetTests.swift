import Loops
import MSNP
import TestSupport
import Testing

@testable import MSNPClient

@Suite(.timeLimit(.minutes(5))) struct ConnectionBudgetTests {
    @Test("Switchboards leave a part to sessions, and one with many leaves some to others")
    func shares() {
        let budget = ConnectionBudget(most: 80)
        let refusals = Recorder<Bool>()
        budget.onRefusal { refusals.record(true) }
        // Two sessions that want 520 conversations each.
        var held = [0, 0]
        for _ in 0..<520 {
            for session in held.indices where budget.take(.switchboard(held: held[session])) { held[session] += 1 }
        }
        #expect(held.reduce(0, +) == 40)
        #expect(refusals.all.count == 2 * 520 - 40)
        // A third finds room, and the next ones up to what is kept for sessions.
        var few = 0
        while budget.take(.switchboard(held: few % 8)) { few += 1 }
        #expect(budget.used == 70)
        for _ in 0..<10 { #expect(budget.take(.session)) }
        #expect(!budget.hasRoomForSession && !budget.take(.session))
        budget.giveBack()
        #expect(budget.hasRoomForSession && budget.take(.session))
        budget.limit(to: 100)
        #expect(budget.hasRoomForSession)
        budget.limit(to: 0)
        #expect(budget.most == 1 && budget.used == 80 && !budget.hasRoomForSession)
    }

    @Test("A connection is taken before its socket is opened and given back when it is closed, or never was there")
    func connections() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let closed = ClosedPort()
        let backend = Backend(BackendConfiguration(name: "test", address: server.address))
        let budget = ConnectionBudget(most: 1)
        let loop = TestLoops.next()
        func connect(to address: ServerAddress, of backend: Backend) async -> Result<Socket, UnreachableFailure> {
            let connector = Connector(backend: backend, loop: loop, budget: budget, unread: 1024)
            return await withCheckedContinuation { continuation in
                connector.connect(to: address, until: .now + .seconds(30)) {
                    FrameHandler(on: loop) { _ in }
                } done: {
                    continuation.resume(returning: $0)
                }
            }
        }
        let first = try await connect(to: server.address, of: backend).get()
        #expect(budget.used == 1)
        let second = await connect(to: server.address, of: backend)
        #expect(throws: UnreachableFailure(reason: .gatewayFull)) { try second.get() }
        // The server hears of it in its own time.
        while server.accepted == 0 { await Task.yield() }
        #expect(server.accepted == 1)
        await withCheckedContinuation { continuation in
            let isPosted = loop.post {
                first.close()
                continuation.resume()
            }
            #expect(isPosted)
        }
        #expect(budget.used == 0)
        let result = await connect(
            to: closed.address, of: Backend(BackendConfiguration(name: "test", address: closed.address)))
        #expect(throws: UnreachableFailure(reason: .refused)) { try result.get() }
        #expect(budget.used == 0)
        try await server.stop()
    }
}
