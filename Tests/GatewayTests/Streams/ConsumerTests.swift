import HTTPFront
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// Readers whose position the gateway keeps.
@Suite(.timeLimit(.minutes(5))) struct ConsumerTests {
    private struct Stage {
        let server: ScriptedServer
        let harness: GatewayHarness
        let path: String
        let token: String

        init(_ change: @escaping (inout GatewayConfiguration) -> Void = { _ in }) async throws {
            server = try await ScriptedServer.start(.friendly)
            harness = try GatewayHarness.with(server, { _ in }, change)
            let alice = try await harness.signIn("alice@example.com")
            (path, token) = ("/v1/sessions/\(alice.id)", alice.token)
        }

        func poll(_ query: String, _ method: String = "GET") async -> TestAnswer {
            await harness.call(method, path + "/events?wait=0&" + query, token: token)
        }

        /// Bob comes and goes so many times; the cursor after each.
        func flap(_ rounds: ClosedRange<Int>) async throws -> [String] {
            let start = try await harness.call("GET", path, token: token).string("cursor")
            for round in rounds { server.say(round % 2 == 0 ? "FLN bob@example.com" : "NLN NLN bob@example.com Bob") }
            let stream = try await harness.begin("GET", path + "/stream?after=\(start)", token: token).stream()
            let last = try #require(Cursor(parsing: start)).sequence + UInt64(rounds.count)
            _ = try await stream.event { $0.id.hasSuffix(".\(last)") }
            stream.leave()
            return stream.events.map(\.id)
        }

        func stop() async throws {
            try await harness.stop()
            try await server.stop()
        }
    }

    private func ids(_ answer: TestAnswer) -> [String] { answer.events.compactMap { $0["id"]?.text } }

    @Test("A poll starts where its consumer stands and commits nothing; after commits, and never backwards")
    func positions() async throws {
        let stage = try await Stage()
        #expect(await stage.poll("consumer=bot&after=now").events.isEmpty)
        let cursors = try await stage.flap(1...6)
        #expect(ids(await stage.poll("consumer=bot")) == cursors)
        #expect(ids(await stage.poll("consumer=bot&limit=2")) == Array(cursors[..<2]), "nothing was committed")
        #expect(ids(await stage.poll("consumer=bot&after=\(cursors[3])")) == Array(cursors[4...]))
        #expect(ids(await stage.poll("consumer=bot")) == Array(cursors[4...]))
        // Backwards is read and not committed.
        #expect(ids(await stage.poll("consumer=bot&after=\(cursors[0])")) == Array(cursors[1...]))
        #expect(ids(await stage.poll("consumer=bot")) == Array(cursors[4...]))
        // Another reader has a position of its own.
        #expect(ids(await stage.poll("consumer=other&after=\(cursors[1])")) == Array(cursors[2...]))
        #expect(ids(await stage.poll("consumer=bot")) == Array(cursors[4...]))
        // HEAD only looks.
        #expect(await stage.poll("consumer=bot&after=\(cursors[5])", "HEAD").status == 200)
        #expect(ids(await stage.poll("consumer=bot")) == Array(cursors[4...]))
        #expect(await stage.poll("consumer=unborn", "HEAD").status == 200)
        let more = try await stage.flap(7...8)
        #expect(await stage.poll("consumer=unborn&after=now").events.isEmpty)
        #expect(ids(await stage.poll("consumer=bot&after=now")).isEmpty)
        #expect(ids(await stage.poll("consumer=bot")).isEmpty)
        #expect(ids(await stage.poll("consumer=other")) == Array(cursors[2...]) + more)
        try await stage.stop()
    }

    @Test("A new name starts at the oldest event that is kept, by poll and by stream, and keeps that place")
    func newNames() async throws {
        let stage = try await Stage { $0.limits.journal.events = 10 }
        let cursors = try await stage.flap(1...8) + stage.flap(9...12)
        let kept = Array(cursors[2...])
        #expect(await stage.poll("consumer=looking", "HEAD").status == 200)
        #expect(ids(await stage.poll("consumer=bot")) == kept)
        let path = stage.path + "/stream?consumer=stream"
        let stream = try await stage.harness.begin("GET", path, token: stage.token).stream()
        _ = try await stream.event { $0.id == cursors[11] }
        #expect(stream.events.map(\.id) == kept)
        stream.leave()
        // What both have seen and not committed is theirs to miss; HEAD made no consumer that could.
        let later = try await stage.flap(13...14)
        for name in ["bot", "stream"] {
            let gone = await stage.poll("consumer=\(name)")
            #expect(gone.code == "cursor-expired" && gone.value("missed") == .number(2), "\(name)")
        }
        #expect(ids(await stage.poll("consumer=looking")) == Array(kept[2...]) + later)
        try await stage.stop()
    }

    @Test("A stream starts at its consumer's position, and what it is resumed with is committed")
    func streams() async throws {
        let stage = try await Stage()
        _ = await stage.poll("consumer=bot&after=now")
        let cursors = try await stage.flap(1...3)
        let path = stage.path + "/stream?consumer=bot"
        let stream = try await stage.harness.begin("GET", path, token: stage.token).stream()
        _ = try await stream.event { $0.id == cursors[2] }
        #expect(stream.events.map(\.id) == cursors)
        stream.leave()
        let resumed = try await stage.harness.begin(
            "GET", path, token: stage.token, headers: [("Last-Event-ID", cursors[1])]
        ).stream()
        _ = try await resumed.event { $0.id == cursors[2] }
        #expect(ids(await stage.poll("consumer=bot")) == [cursors[2]])
        try await stage.stop()
    }

    @Test("A consumer that fell behind what is kept is told how much it missed, and goes on from the oldest")
    func behind() async throws {
        let stage = try await Stage { $0.limits.journal.events = 10 }
        _ = await stage.poll("consumer=bot&after=now")
        let cursors = try await stage.flap(1...10)
        let later = try await stage.flap(11...15)
        let gone = await stage.poll("consumer=bot")
        #expect(gone.code == "cursor-expired")
        #expect(gone.value("missed") == .number(5))
        // A cursor that is gone commits nothing.
        #expect(await stage.poll("consumer=bot&after=\(cursors[0])").value("missed") == .number(4))
        #expect(await stage.poll("consumer=bot").value("missed") == .number(5))
        #expect(ids(await stage.poll("consumer=bot&after=oldest")) == Array(cursors[5...]) + later)
        #expect(ids(await stage.poll("consumer=bot")) == Array(cursors[5...]) + later)
        try await stage.stop()
    }

    @Test("Names are checked and limited")
    func names() async throws {
        let stage = try await Stage()
        for bad in ["", "a%20b", "%C3%A9", "a/b", String(repeating: "x", count: 65)] {
            #expect(await stage.poll("consumer=\(bad)").code == "invalid-request", "\(bad)")
        }
        for number in 1...16 {
            let name = number == 1 ? "A-z.0_" + String(repeating: "x", count: 58) : "reader\(number)"
            #expect(await stage.poll("consumer=\(name)").status == 200)
        }
        #expect(await stage.poll("consumer=seventeenth").code == "invalid-request")
        #expect(await stage.poll("consumer=reader16").status == 200)
        try await stage.stop()
    }
}
