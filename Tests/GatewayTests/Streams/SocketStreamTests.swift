import HTTPFront
import Locking
import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// Streams from the journal to real sockets.
@Suite(.timeLimit(.minutes(5))) struct SocketStreamTests {
    private func serve(_ gateway: Gateway) throws -> HTTPServer {
        try HTTPServer.start(
            HTTPConfiguration(listen: ListenAddress(host: "127.0.0.1", port: 0), loops: 2, daemonsPerLoop: 4), gateway)
    }

    @Test("A slow reader among fast ones slows nobody, is bounded, and is told its gap; what clients leave is nothing")
    func slowAmongFast() async throws {
        let keys = try TestKeys()
        let scripted = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(scripted) { _ in
        } _: {
            $0.limits.journal.events = 300
            $0.keys = keys.store
        }
        let key = try keys.add("bot")
        let server = try serve(harness.gateway)
        let port = Int(server.address.port)
        let alice = try await harness.signIn("alice@example.com", key: key)
        let session = try #require(harness.gateway.registry.session(alice.id))
        let feed = harness.gateway.registry.feed(of: session.owner)
        let path = "/v1/sessions/\(alice.id)"
        let idle = server.statistics

        let slow = try await SocketReader.connect(port: port)
        try await slow.get(path + "/stream", token: key)
        try await slow.until("\r\n\r\n")
        try await slow.read(false)
        var fast: [SocketReader] = []
        for target in [path + "/stream", path + "/stream?types=presence.*", "/v1/stream"] {
            let reader = try await SocketReader.connect(port: port)
            try await reader.get(target, token: key)
            try await reader.until("\r\n\r\n")
            fast.append(reader)
        }
        #expect(server.statistics.streams == 4)

        // Some hundred bytes each, so that they are several times what sockets hold.
        let total = 3_000
        let start = session.state.withLock { $0.record.journal.head }
        for batch in 1...total / 100 {
            for _ in 1...100 {
                let isThere = session.contact("bob@example.com")?.status == "online"
                session.hear(.presence(isThere ? .offline : .online, handle: "bob@example.com", name: "Bob"))
            }
            let last = start + UInt64(batch * 100)
            for reader in fast { try await reader.until("\"seq\":\(last),") }
        }
        for reader in fast {
            let events = reader.items.compactMap { if case .event(let event) = $0 { event } else { nil } }
            #expect(events.count == total)
            #expect(events.allSatisfy { $0.type == "presence.changed" })
        }
        try await slow.read(true)
        try await slow.until("\"seq\":\(start + UInt64(total)),")
        let events = slow.items.compactMap { if case .event(let event) = $0 { event } else { nil } }
        let missed = events.filter { $0.type == "gap" }.reduce(0) { sum, event in
            if case .number(let missed) = event.json?["missed"] { sum + Int(missed) } else { sum }
        }
        #expect(missed > 0)
        #expect(
            missed + events.filter { $0.type == "presence.changed" }.count == total, "every event came or was counted")

        // Polls, streams and a trace, all of them left.
        var leaving = fast + [slow]
        for target in [path + "/events?wait=50", "/v1/events?wait=50", path + "/trace"] {
            let reader = try await SocketReader.connect(port: port)
            try await reader.get(target, token: key)
            leaving.append(reader)
        }
        while server.statistics.parked < 2 || server.statistics.streams < 5 { await Task.yield() }
        // A request is parked a moment before whoever answers it knows.
        while session.readers.polls < 1 || feed.readers.polls < 1 { await Task.yield() }
        #expect(session.readers.polls == 1 && feed.readers.polls == 1)
        for reader in leaving { reader.close() }
        while server.statistics.connections > idle.connections { await Task.yield() }
        #expect(server.statistics.streams == 0)
        #expect(server.statistics.parked == 0)
        #expect(session.readers.isEmpty)
        #expect(session.traces.isEmpty)
        #expect(feed.readers.isEmpty)
        #expect(!session.traces.tap.isWatched)
        await server.stop(grace: .seconds(5))
        try await harness.stop()
        try await scripted.stop()
    }

    @Test("A gateway that stops tells streams the end of their sessions, and closes them")
    func stopping() async throws {
        let scripted = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(scripted)
        let server = try serve(harness.gateway)
        let alice = try await harness.signIn("alice@example.com")
        let reader = try await SocketReader.connect(port: Int(server.address.port))
        try await reader.get("/v1/sessions/\(alice.id)/stream", token: alice.token)
        try await reader.until("\r\n\r\n")
        // The order of the process: sessions first, then the server.
        await harness.gateway.shutdown()
        try await reader.closed.first { _ in true }
        #expect(reader.text.contains("gatewayShutdown"))
        #expect(reader.isWhole)
        await server.stop(grace: .seconds(5))
        try await harness.stop()
        try await scripted.stop()
    }
}
