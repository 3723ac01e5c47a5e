import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// `POST …/reconnect`: whoever does not want to wait for the next attempt.
@Suite(.timeLimit(.minutes(5))) struct ReconnectCallTests {
    /// Nobody comes back by himself.
    private func endless(_ backend: inout BackendConfiguration) {
        backend.timeouts.backoff.base = .seconds(1_000_000_000)
        backend.timeouts.backoff.longest = .seconds(1_000_000_000)
        backend.timeouts.attemptSpacing = .seconds(1000)
    }

    /// State, reason and whether there is a time of each event, from a cursor on until the session is in that state.
    private func states(
        _ alice: OpenedSession, after cursor: inout String, until state: String
    ) async throws -> [String] {
        var states: [String] = []
        while states.last?.hasPrefix(state) != true {
            let answer = await alice.get("/events?types=session.state&after=\(cursor)")
            try #require(answer.status == 200, "\(answer.text)")
            cursor = try answer.string("next")
            states += answer.events.map { event in
                let data = event["data"]
                return [data?["state"]?.text, data?["reason"]?.text, data?["retryAt"].map { _ in "later" }]
                    .compactMap(\.self).joined(separator: " ")
            }
        }
        return states
    }

    @Test("An attempt begins at once; whoever asks again and again gets one more, when it is time")
    func reconnect() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server, endless)
        let alice = try await OpenedSession(harness)
        var cursor = try await alice.cursor()
        let there = await alice.call("POST", "/reconnect")
        #expect(there.status == 200)
        #expect(try there.string("state") == "online")
        #expect(server.accepted == 1, "who is there needs no attempt")

        server.say("OUT SSD")
        #expect(
            try await states(alice, after: &cursor, until: "reconnecting") == ["reconnecting serverShutdown later"])
        let begun = await alice.call("POST", "/reconnect", "{}")
        #expect(begun.status == 202)
        #expect(try begun.string("state") == "reconnecting")
        #expect(try begun.string("reason") == "serverShutdown")
        #expect(begun.value("retryAt") == nil)
        #expect(
            try await states(alice, after: &cursor, until: "online") == ["reconnecting serverShutdown", "online"])
        #expect(server.accepted == 2)

        server.say("OUT SSD", on: 2)
        #expect(
            try await states(alice, after: &cursor, until: "reconnecting") == ["reconnecting serverShutdown later"])
        for _ in 1...20 { #expect(await alice.call("POST", "/reconnect").status == 202) }
        #expect(server.accepted == 2)
        try await harness.pass(.seconds(1000), session: alice.id)
        #expect(
            try await states(alice, after: &cursor, until: "online") == ["reconnecting serverShutdown", "online"])
        #expect(server.accepted == 3)
        try await harness.stop()
        try await server.stop()
    }

    @Test("A session that has ended, a body with members, and what was refused before it was looked at")
    func refused() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server, endless)
        let alice = try await OpenedSession(harness)
        #expect(await alice.call("POST", "/reconnect", #"{"now":true}"#).code == "invalid-request")
        #expect(await harness.call("POST", alice.path + "/reconnect").status == 401)
        #expect(await alice.get("/reconnect").header("Allow") == "OPTIONS, POST")
        server.say("OUT OTH")
        var cursor = try await alice.cursor()
        while try await alice.get().string("state") != "ended" {
            cursor = try await alice.get("/events?after=\(cursor)").string("next")
        }
        let ended = await alice.call("POST", "/reconnect")
        #expect(ended.status == 409)
        #expect(ended.code == "session-ended")
        #expect(server.accepted == 1)
        try await harness.stop()
        try await server.stop()
    }
}
