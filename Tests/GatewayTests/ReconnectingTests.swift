import HTTPFront
import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// What HTTP sees of a session that loses its connection and comes back.
@Suite(.timeLimit(.minutes(5))) struct ReconnectingTests {
    /// Reads on from a cursor until an event matches, and gives all events up to the last of that answer.
    private func events(
        _ harness: GatewayHarness, _ session: (id: String, token: String), after cursor: inout String,
        until matches: ([String: JSONValue]) -> Bool
    ) async throws -> [[String: JSONValue]] {
        var events: [[String: JSONValue]] = []
        while !events.contains(where: matches) {
            let answer = await harness.call(
                "GET", "/v1/sessions/\(session.id)/events?after=\(cursor)", token: session.token)
            try #require(answer.status == 200, "\(answer.text)")
            events += answer.events
            cursor = try answer.string("next")
        }
        return events
    }

    private func isState(_ event: [String: JSONValue], _ state: String) -> Bool {
        event["type"]?.text == "session.state" && event["data"]?["state"]?.text == state
    }

    private func patient(_ backend: inout BackendConfiguration) {
        backend.timeouts.backoff.base = .seconds(1000)
        backend.timeouts.backoff.longest = .seconds(1000)
    }

    @Test("A loss: reconnecting with reason and time, offline, 503 for what needs the server; reads go on")
    func lost() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server, patient)
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)"
        server.say("ILN 6 NLN bob@example.com Bob")
        let poll = harness.begin("GET", path + "/events?types=session.state,presence.own", token: alice.token)
        server.say("OUT SSD")
        let seen = await poll.answer()
        #expect(seen.types == ["session.state", "presence.own"])
        let data = try #require(seen.events.first?["data"])
        #expect(data["state"] == .string("reconnecting"))
        #expect(data["reason"] == .string("serverShutdown"))
        let retryAt = try #require(data["retryAt"]?.text)
        let now = harness.clock.clock.now
        #expect(retryAt >= now.text && retryAt <= now.advanced(by: .seconds(1000)).text)
        #expect(seen.events.last?["data"] == .object(["status": .string("offline"), "forced": .bool(true)]))

        let session = await harness.call("GET", path, token: alice.token)
        #expect(try session.string("state") == "reconnecting")
        #expect(try session.string("reason") == "serverShutdown")
        #expect(try session.string("retryAt") == retryAt)
        #expect(try session.string("status") == "offline")
        let bob = await harness.call("GET", path + "/contacts/bob@example.com", token: alice.token)
        #expect(try bob.string("status") == "online", "what is known of others stays")

        for (method, path, json) in [
            ("PUT", path + "/presence", #"{"status":"busy"}"#), ("PATCH", path, #"{"displayName":"x"}"#),
        ] {
            let refused = await harness.call(method, path, token: alice.token, json: json)
            #expect(refused.status == 503)
            #expect(refused.code == "reconnecting")
            let wait = try #require(refused.header("Retry-After").flatMap { Int($0) })
            #expect((1...1000).contains(wait))
            let promised = now.advanced(by: .seconds(wait)).text
            #expect(wait == 1 || promised >= retryAt && now.advanced(by: .seconds(wait - 1)).text <= retryAt)
        }
        #expect(
            harness.log.lines.all.contains { $0.hasPrefix("info connection lost") && $0.contains("serverShutdown") })
        #expect(await harness.call("DELETE", path, token: alice.token).status == 204)
        #expect(server.accepted == 1)
        try await harness.stop()
        try await server.stop()
    }

    @Test("A request under way when the connection breaks is told that the session reconnects")
    func interrupted() async throws {
        var script = Script.friendly
        script.ignore("REA")
        let server = try await ScriptedServer.start(script)
        let harness = try GatewayHarness.with(server, patient)
        let alice = try await harness.signIn("alice@example.com")
        let rename = harness.begin(
            "PATCH", "/v1/sessions/\(alice.id)", token: alice.token, body: Array(#"{"displayName":"x"}"#.utf8),
            headers: [("Content-Type", "application/merge-patch+json")])
        try await server.received.first { $0.text.hasPrefix("REA") }
        server.drop()
        let answer = await rename.answer()
        #expect(answer.code == "reconnecting")
        #expect(try answer.string("detail").contains("reconnecting"))
        try await harness.stop()
        try await server.stop()
    }

    @Test("A return: the status again, and what changed meanwhile as events")
    func returned() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server) { $0.timeouts.backoff.base = .milliseconds(10) }
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)"
        #expect(
            await harness.call("PUT", path + "/presence", token: alice.token, json: #"{"status":"busy"}"#).status == 200
        )
        var cursor = try await harness.call("GET", path, token: alice.token).string("cursor")
        server.change {
            $0.answer(
                "SYN", "SYN # 5", "LST # FL 5 1 1 carol@example.com Carol", "LST # AL 5 1 1 bob@example.com Bob",
                "LST # BL 5 0 0", "LST # RL 5 1 1 bob@example.com Bob")
        }
        server.say("OUT")
        let events = try await events(harness, alice, after: &cursor) { isState($0, "online") }
        let lines = events.map { event in
            let data = event["data"]
            return [
                event["type"]?.text, data?["state"]?.text ?? data?["status"]?.text,
                data?["contact"]?["account"]?.text,
            ]
            .compactMap(\.self).joined(separator: " ")
        }
        #expect(
            lines == [
                "session.state reconnecting", "presence.own offline", "contact.added carol@example.com",
                "contact.updated bob@example.com", "presence.own busy", "session.state online",
            ]
                || lines == [
                    "session.state reconnecting", "presence.own offline", "contact.updated bob@example.com",
                    "contact.added carol@example.com", "presence.own busy", "session.state online",
                ])
        let session = await harness.call("GET", path, token: alice.token)
        #expect(session.value("retryAt") == nil && session.value("reason") == nil)
        try await harness.stop()
        try await server.stop()
    }

    @Test("Lists that are empty after a reconnect: everybody is removed, as on no list and offline")
    func emptied() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server) { $0.timeouts.backoff.base = .milliseconds(10) }
        let alice = try await OpenedSession(harness)
        server.say("NLN NLN bob@example.com Bob")
        try await alice.fence()
        #expect(try await alice.get("/contacts/bob@example.com").string("status") == "online")
        var cursor = try await alice.cursor()
        server.change {
            $0.answer("SYN", "SYN # 9", "LST # FL 9 0 0", "LST # AL 9 0 0", "LST # BL 9 0 0", "LST # RL 9 0 0")
        }
        server.say("OUT SSD")
        try await server.received.first { $0.connection == 2 && $0.text.hasPrefix("CHG") }
        try await alice.reaches("online")
        let events = try await alice.events(after: &cursor, "contact.*").map(Told.init)
        #expect(
            events == [
                Told(
                    "contact.removed",
                    #"{"contact":{"account":"bob@example.com","displayName":"Bob","status":"offline","lists":[],"blocked":false,"pending":false,"phones":{}}}"#
                )
            ])
        try await harness.stop()
        try await server.stop()
    }

    @Test("A rename is a contact's update, and presence is presence")
    func renamed() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await OpenedSession(harness)
        server.say("NLN NLN bob@example.com Bob")
        try await alice.fence()
        var cursor = try await alice.cursor()
        server.say("NLN NLN bob@example.com Bobby", "NLN AWY bob@example.com Bobby", "NLN BSY bob@example.com Robert")
        try await alice.fence()
        let events = try await alice.events(after: &cursor, "contact.*,presence.changed")
        let told = events.map { event in
            let data = event["data"]
            let contact = data?["contact"] ?? data
            return [
                event["type"]?.text, contact?["displayName"]?.text, data?["previous"]?.text, contact?["status"]?.text,
            ]
            .compactMap(\.self).joined(separator: " ")
        }
        #expect(
            told == [
                "contact.updated Bobby online", "presence.changed Bobby online away", "contact.updated Robert away",
                "presence.changed Robert away busy",
            ])
        try await harness.stop()
        try await server.stop()
    }

    @Test("A second sign-in waits for the return; one that can't wait is told the state; a wrong password is neither")
    func secondSignIn() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server) { $0.timeouts.backoff.base = .milliseconds(10) }
        let alice = try await harness.signIn("alice@example.com")
        let port = server.address.port
        try await server.stop()
        var cursor = "oldest"
        _ = try await events(harness, alice, after: &cursor) { $0["data"]?["reason"]?.text == "unreachable" }
        let body = #"{"account":"alice@example.com","password":"sandbox"}"#
        let waiting = harness.begin("POST", "/v1/sessions", body: Array(body.utf8))
        #expect(waiting.isParked)
        let atOnce = await harness.call(
            "POST", "/v1/sessions", json: body, headers: [("Prefer", "respond-async")])
        #expect(try atOnce.string("session", "state") == "reconnecting")
        #expect(try atOnce.string("session", "id") == alice.id)
        let wrong = await harness.call(
            "POST", "/v1/sessions", json: #"{"account":"alice@example.com","password":"guess"}"#)
        #expect(wrong.code == "sign-in-refused")
        let again = try await ScriptedServer.start(.friendly, port: port)
        let joined = await waiting.answer()
        #expect(joined.status == 200, "\(joined.text)")
        #expect(try joined.string("session", "id") == alice.id)
        #expect(try joined.string("session", "state") == "online")
        try await harness.stop()
        try await again.stop()
        let token = try joined.string("token")
        #expect(!harness.log.lines.all.contains { $0.contains("guess") || $0.contains(token) })
    }

    @Test("A password that was changed meanwhile ends the session: refused")
    func passwordChanged() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server) { $0.timeouts.backoff.base = .milliseconds(10) }
        let alice = try await harness.signIn("alice@example.com")
        server.change { $0.close(on: "USR", "911 #") }
        server.drop()
        var cursor = "oldest"
        let events = try await events(harness, alice, after: &cursor) { isState($0, "ended") }
        #expect(events.last?["data"]?["reason"] == .string("signInRefused"))
        try await harness.stop()
        try await server.stop()
    }
}
