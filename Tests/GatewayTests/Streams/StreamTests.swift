import HTTPFront
import Locking
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// A session's events as server-sent events.
@Suite(.timeLimit(.minutes(5))) struct StreamTests {
    private let lastEventID = "Last-Event-ID"

    private func scripted(
        _ change: @escaping (inout GatewayConfiguration) -> Void = { _ in }
    ) async throws -> (ScriptedServer, GatewayHarness, path: String, token: String) {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server, { _ in }, change)
        let alice = try await harness.signIn("alice@example.com")
        return (server, harness, "/v1/sessions/\(alice.id)", alice.token)
    }

    /// Bob comes and goes, so many times.
    private func flap(_ server: ScriptedServer, _ rounds: ClosedRange<Int>) {
        for round in rounds { server.say(round % 2 == 0 ? "FLN bob@example.com" : "NLN NLN bob@example.com Bob") }
    }

    private func head(_ harness: GatewayHarness, _ path: String, _ token: String) async throws -> UInt64 {
        let cursor = try await harness.call("GET", path, token: token).string("cursor")
        return try #require(Cursor(parsing: cursor)).sequence
    }

    private func reaches(_ head: UInt64, _ harness: GatewayHarness, _ path: String, _ token: String) async throws {
        while try await self.head(harness, path, token) < head { await Task.yield() }
    }

    @Test("A stream has what polls have, byte for byte, with its cursors as ids")
    func sameAsPolls() async throws {
        let (server, harness, path, token) = try await scripted()
        let stream = try await harness.begin("GET", path + "/stream?after=oldest", token: token).stream()
        #expect(stream.response.value(of: "Content-Type") == "text/event-stream")
        #expect(stream.response.value(of: "Cache-Control") == "no-store")
        #expect(stream.response.value(of: "X-Accel-Buffering") == "no")
        #expect(stream.response.value(of: "X-Request-Id") != nil)
        #expect(stream.heartbeatInterval == .seconds(15))
        let start = try await head(harness, path, token)
        flap(server, 1...5)
        _ = try await stream.event { $0.id.hasSuffix(".\(start + 5)") }
        let page = await harness.call("GET", path + "/events?after=oldest&wait=0&limit=500", token: token)
        let events = stream.events
        #expect(events.count == page.events.count)
        for (event, polled) in zip(events, page.events) {
            #expect(event.json == .object(named: polled))
            #expect(event.id == polled["id"]?.text)
            #expect(event.type == polled["type"]?.text)
            #expect(page.text.contains(event.data))
        }
        stream.beQuiet()
        #expect(stream.items.all.last == .comment(""))
        try await harness.stop()
        try await server.stop()
    }

    @Test("Last-Event-ID resumes and wins over after; types filters, and the position moves on all the same")
    func resuming() async throws {
        let (server, harness, path, token) = try await scripted()
        let start = try await head(harness, path, token)
        flap(server, 1...6)
        try await reaches(start + 6, harness, path, token)
        let epoch = try await harness.call("GET", path, token: token).string("cursor").prefix(8)
        let resumed = try await harness.begin(
            "GET", path + "/stream?after=oldest", token: token, headers: [(lastEventID, "\(epoch).\(start + 4)")]
        ).stream()
        _ = try await resumed.event { $0.id == "\(epoch).\(start + 6)" }
        #expect(resumed.events.map(\.id) == ["\(epoch).\(start + 5)", "\(epoch).\(start + 6)"])
        // An empty one is what a browser has that got no event yet.
        let fresh = try await harness.begin(
            "GET", path + "/stream?after=\(epoch).\(start + 5)&types=presence.own", token: token,
            headers: [(lastEventID, "")]
        ).stream()
        _ = await harness.call("PUT", path + "/presence", token: token, json: #"{"status":"busy"}"#)
        let own = try await fresh.event { _ in true }
        #expect(own.type == "presence.own")
        flap(server, 7...8)
        try await reaches(start + 9, harness, path, token)
        // What was left out is not missed either when the reader comes back: the id moves without an event.
        while !fresh.items.all.contains(.position("\(epoch).\(start + 9)")) {
            fresh.beQuiet()
            await Task.yield()
        }
        #expect(fresh.events.count == 1)
        for bad in ["nonsense", "now.", "f.\(epoch).1", "\(epoch).-1"] {
            let answer = await harness.call("GET", path + "/stream", token: token, headers: [(lastEventID, bad)])
            #expect(answer.code == "invalid-cursor", "\(bad)")
        }
        #expect(await harness.call("GET", path + "/stream?wait=1", token: token).code == "invalid-request")
        let json = await harness.call("GET", path + "/stream", token: token, headers: [("Accept", "application/json")])
        #expect(json.status == 406)
        try await harness.stop()
        try await server.stop()
    }

    @Test("A position that is no longer kept is a gap with its number, and the stream goes on from the oldest")
    func gaps() async throws {
        let (server, harness, path, token) = try await scripted { $0.limits.journal.events = 10 }
        let start = try await head(harness, path, token)
        let epoch = try await harness.call("GET", path, token: token).string("cursor").prefix(8)
        let slow = try await harness.begin("GET", path + "/stream", token: token).stream()
        let fast = try await harness.begin("GET", path + "/stream", token: token).stream()
        slow.pause()
        for round in 1...25 {
            flap(server, round...round)
            _ = try await fast.event { $0.id == "\(epoch).\(start + UInt64(round))" }
        }
        #expect(fast.events.count == 25)
        #expect(slow.taken == 0)
        slow.resume()
        let gap = try await slow.event { _ in true }
        #expect(gap.type == "gap")
        #expect(gap.json?["missed"] == .number(15))
        #expect(gap.json?["oldest"]?.text == "\(epoch).\(start + 15)")
        #expect(gap.json?["snapshot"]?.text == path + "/snapshot")
        #expect(gap.id == "\(epoch).\(start + 15)", "coming back does not tell the same gap again")
        #expect(slow.events.dropFirst().map(\.id) == (16...25).map { "\(epoch).\(start + UInt64($0))" })
        // The same for one that comes back, and for a cursor of another life.
        let late = try await harness.begin("GET", path + "/stream?after=\(epoch).\(start)", token: token).stream()
        #expect(try await late.event { _ in true }.json?["missed"] == .number(15))
        let foreign = try await harness.begin("GET", path + "/stream?after=AAAAAAAA.3", token: token).stream()
        let unknown = try await foreign.event { _ in true }
        #expect(unknown.type == "gap")
        #expect(unknown.json?["missed"] == nil)
        #expect(foreign.events.count == 11)
        try await harness.stop()
        try await server.stop()
    }

    @Test("A session's end closes its streams after the last event; then a reader at the end gets 204")
    func ending() async throws {
        let (server, harness, path, token) = try await scripted()
        let stream = try await harness.begin("GET", path + "/stream", token: token).stream()
        let paused = try await harness.begin("GET", path + "/stream", token: token).stream()
        paused.pause()
        #expect(await harness.call("DELETE", path, token: token).status == 204)
        try await stream.finished.first { _ in true }
        let last = try #require(stream.events.last)
        #expect(last.type == "session.state")
        #expect(last.json?["data"]?["reason"]?.text == "signedOut")
        paused.resume()
        try await paused.finished.first { _ in true }
        #expect(paused.events == stream.events)
        #expect(await harness.call("GET", path + "/stream", token: token).status == 204)
        let done = await harness.call("GET", path + "/stream", token: token, headers: [(lastEventID, last.id)])
        #expect(done.status == 204)
        #expect(done.header("Content-Type") == nil)
        let again = try await harness.begin("GET", path + "/stream?after=oldest&types=session.*", token: token).stream()
        try await again.finished.first { _ in true }
        #expect(again.events.last == last)
        #expect(await harness.call("GET", path + "/trace", token: token).status == 204)
        try await harness.stop()
        try await server.stop()
    }

    @Test("Streams are limited, HEAD opens none, and leaving makes room")
    func limits() async throws {
        let (server, harness, path, token) = try await scripted { $0.limits.streamsPerSession = 2 }
        let session = try #require(harness.gateway.registry.session(String(path.split(separator: "/")[2])))
        for _ in 1...5 {
            let looked = await harness.call("HEAD", path + "/stream", token: token)
            #expect(looked.status == 200)
            #expect(looked.header("Content-Type") == "text/event-stream")
        }
        let first = try await harness.begin("GET", path + "/stream", token: token).stream()
        _ = try await harness.begin("GET", path + "/stream", token: token).stream()
        let refused = await harness.call("GET", path + "/stream", token: token)
        #expect(refused.code == "rate-limited")
        #expect(refused.header("Retry-After") == "1")
        #expect(session.readers.state.withLock { $0.streams.count } == 2)
        first.leave()
        #expect(session.readers.state.withLock { $0.streams.count } == 1)
        _ = try await harness.begin("GET", path + "/stream", token: token).stream()
        try await harness.stop()
        try await server.stop()
    }

    @Test("A session that somebody streams is in use, and is not signed out")
    func use() async throws {
        let (server, harness, path, token) = try await scripted()
        let registry = harness.gateway.registry
        let session = try #require(registry.session(String(path.split(separator: "/")[2])))
        let stream = try await harness.begin("GET", path + "/stream", token: token).stream()
        harness.clock.advance(.seconds(16 * 60))
        registry.sweep()
        #expect(!session.hasEnded)
        stream.leave()
        registry.sweep()
        #expect(!session.hasEnded, "its reader has just left")
        harness.clock.advance(.seconds(16 * 60))
        registry.sweep()
        #expect(session.hasEnded)
        try await harness.stop()
        try await server.stop()
    }
}
