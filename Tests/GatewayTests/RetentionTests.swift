import HTTPFront
import Locking
import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// What all journals hold together, and sessions that nobody uses.
@Suite(.timeLimit(.minutes(5))) struct RetentionTests {
    /// Has the server say so much, and waits until it is in the journal.
    private func speak(
        _ server: ScriptedServer, _ rounds: Int, on connection: Int, _ harness: GatewayHarness,
        _ session: (id: String, token: String)
    ) async throws {
        let path = "/v1/sessions/\(session.id)"
        let cursor = try await harness.call("GET", path, token: session.token).string("cursor")
        let start = try #require(Cursor(parsing: cursor))
        for round in 1...rounds {
            server.say(round % 2 == 0 ? "FLN bob@example.com" : "NLN NLN bob@example.com Bob", on: connection)
        }
        let wanted = Cursor(epoch: start.epoch, sequence: start.sequence + UInt64(rounds)).text
        while try await harness.call("GET", path, token: session.token).string("cursor") != wanted {
            await Task.yield()
        }
    }

    @Test("All journals together: the oldest events of all go first, counted, and their readers are told")
    func total() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server) { _ in
        } _: {
            $0.limits.totalJournalBytes = 32_768
        }
        let journals = harness.gateway.registry.journals
        let first = try await harness.signIn("alice@example.com")
        try await speak(server, 40, on: 1, harness, first)
        harness.clock.advance(.seconds(1))
        let second = try await harness.signIn("carol@example.com")
        try await speak(server, 40, on: 2, harness, second)
        #expect(journals.droppedEvents == 0)
        let full = journals.bytes
        #expect(full < 32_768)
        // The second goes on until the first has to give, and only the first.
        harness.clock.advance(.seconds(1))
        try await speak(server, 80, on: 2, harness, second)
        while journals.bytes > 32_768 || journals.droppedEvents == 0 { await Task.yield() }
        let old = await harness.call("GET", "/v1/sessions/\(first.id)/events?after=oldest&wait=0", token: first.token)
        let new = await harness.call(
            "GET", "/v1/sessions/\(second.id)/events?after=oldest&wait=0&limit=500", token: second.token)
        #expect(new.events.first?["seq"] == .number(1))
        let epoch = try #require(Cursor(parsing: try old.string("next"))).epoch
        let expired = await harness.call(
            "GET", "/v1/sessions/\(first.id)/events?after=\(epoch).0&wait=0", token: first.token)
        #expect(expired.status == 410)
        #expect(expired.value("missed") == .number(Double(journals.droppedEvents)))
        #expect(await harness.call("GET", try expired.string("snapshot"), token: first.token).status == 200)
        try await harness.stop()
        try await server.stop()
    }

    @Test("0 switches the bound of all journals off")
    func unbounded() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server) { _ in
        } _: {
            $0.limits.totalJournalBytes = 0
        }
        let alice = try await harness.signIn("alice@example.com")
        try await speak(server, 100, on: 1, harness, alice)
        #expect(harness.gateway.registry.journals.bytes > 10_000)
        #expect(harness.gateway.registry.journals.droppedEvents == 0)
        try await harness.stop()
        try await server.stop()
    }

    @Test("What a session held is free again once the session is forgotten")
    func freed() async throws {
        let server = try await ScriptedServer.start(.friendly)
        // The timer of the sign-in's steps outlives the session, and holds it.
        let harness = try GatewayHarness.with(server) { $0.timeouts.signInStep = .seconds(1) }
        let alice = try await harness.signIn("alice@example.com")
        #expect(harness.gateway.registry.journals.bytes > 0)
        #expect(await harness.call("DELETE", "/v1/sessions/\(alice.id)", token: alice.token).status == 204)
        harness.clock.advance(.seconds(61))
        #expect(await harness.call("GET", "/v1/sessions/\(alice.id)", token: alice.token).status == 404)
        while harness.gateway.registry.journals.bytes > 0 { await Task.yield() }
        try await harness.stop()
        try await server.stop()
    }

    @Test("A session without a key that nobody uses is signed out: expired")
    func idle() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)"
        harness.clock.advance(.seconds(14 * 60))
        harness.gateway.registry.sweep()
        #expect(try await harness.call("GET", path, token: alice.token).string("state") == "online")
        harness.clock.advance(.seconds(15 * 60 - 1))
        harness.gateway.registry.sweep()
        // Not a call: looking would be a use.
        #expect(server.received.all.last?.text != "OUT")
        harness.clock.advance(.seconds(1))
        harness.gateway.registry.sweep()
        try await server.received.first { $0.text == "OUT" }
        let ended = await harness.call("GET", path, token: alice.token)
        #expect(try ended.string("state") == "ended")
        #expect(try ended.string("reason") == "expired")
        let last = await harness.call("GET", path + "/events?after=oldest&wait=0&limit=500", token: alice.token)
        #expect(last.events.last?["data"] == .object(["state": .string("ended"), "reason": .string("expired")]))
        // It is in nobody's way.
        _ = try await harness.signIn("alice@example.com")
        try await harness.stop()
        try await server.stop()
    }

    @Test("Coming back to a server that is away is no use either")
    func idleWhileReconnecting() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)"
        try await server.stop()
        while try await harness.call("GET", path, token: alice.token).string("state") == "online" {
            await Task.yield()
        }
        #expect(try await harness.call("GET", path, token: alice.token).string("state") == "reconnecting")
        harness.clock.advance(.seconds(15 * 60))
        harness.gateway.registry.sweep()
        let ended = await harness.call("GET", path, token: alice.token)
        #expect(try ended.string("state") == "ended")
        #expect(try ended.string("reason") == "expired")
        try await harness.stop()
    }

    @Test("A poll uses the session for as long as it waits, and a sign-in to the same session is a use")
    func used() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)"
        let poll = harness.begin("GET", path + "/events", token: alice.token)
        harness.clock.advance(.seconds(3_600))
        harness.gateway.registry.sweep()
        #expect(poll.isParked)
        // Its end counts as the last use, whoever ends it.
        poll.leave()
        harness.clock.advance(.seconds(15 * 60 - 1))
        harness.gateway.registry.sweep()
        let again = await harness.call(
            "POST", "/v1/sessions", json: #"{"account":"alice@example.com","password":"sandbox"}"#)
        #expect(again.status == 200)
        harness.clock.advance(.seconds(15 * 60 - 1))
        harness.gateway.registry.sweep()
        #expect(try await harness.call("GET", path, token: alice.token).string("state") == "online")
        try await harness.stop()
        try await server.stop()
    }

    @Test("A session that is to be kept waits 30 days for its device; a sign-in elsewhere does not take that back")
    func kept() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)"
        let signIn = #"{"account":"alice@example.com","password":"sandbox","keep":"#
        for keep in ["true", "false"] {
            #expect(await harness.call("POST", "/v1/sessions", json: signIn + keep + "}").status == 200)
        }
        harness.clock.advance(.seconds(30 * 86_400 - 1))
        harness.gateway.registry.sweep()
        #expect(try await harness.call("GET", path, token: alice.token).string("state") == "online")
        harness.clock.advance(.seconds(30 * 86_400))
        harness.gateway.registry.sweep()
        #expect(try await harness.call("GET", path, token: alice.token).string("reason") == "expired")
        // The next one is a session of its own, and begins by not being kept.
        let again = try await harness.signIn("alice@example.com")
        harness.clock.advance(.seconds(15 * 60))
        harness.gateway.registry.sweep()
        let last = await harness.call("GET", "/v1/sessions/\(again.id)", token: again.token)
        #expect(try last.string("reason") == "expired")
        try await harness.stop()
        try await server.stop()
    }

    @Test("A session is kept from its first sign-in on, also one that is answered before it is online")
    func keptFromTheStart() async throws {
        let harness = try await GatewayHarness.withSandbox()
        for (account, prefer) in [("alice", "wait=30"), ("bob", "respond-async")] {
            let answer = await harness.call(
                "POST", "/v1/sessions",
                json: #"{"account":"\#(account)@example.com","password":"sandbox","keep":true}"#,
                headers: [("Prefer", prefer)])
            let id = try answer.string("session", "id")
            let token = try answer.string("token")
            harness.clock.advance(.seconds(86_400))
            harness.gateway.registry.sweep()
            #expect(try await harness.call("GET", "/v1/sessions/\(id)", token: token).string("state") != "ended")
        }
        try await harness.stop()
    }

    @Test("A gateway that keeps no session says so, and signs nobody in for less than they asked")
    func keepsNone() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server) { _ in
        } _: {
            $0.limits.keptIdleTimeout = 0
        }
        let refused = await harness.call(
            "POST", "/v1/sessions", json: #"{"account":"alice@example.com","password":"sandbox","keep":true}"#)
        #expect(refused.status == 400)
        #expect(
            refused.value("errors")
                == .array([
                    .object(["pointer": .string("/keep"), "detail": .string("is not allowed by this gateway")])
                ]))
        #expect(server.received.all.isEmpty)
        #expect(
            await harness.call(
                "POST", "/v1/sessions", json: #"{"account":"alice@example.com","password":"sandbox","keep":false}"#
            ).status == 201)
        try await harness.stop()
        try await server.stop()
    }

    @Test("0 keeps sessions that nobody uses")
    func endless() async throws {
        let harness = try await GatewayHarness.withSandbox { $0.limits.idleTimeout = 0 }
        let alice = try await harness.signIn("alice@example.com")
        harness.clock.advance(.seconds(1_000_000))
        harness.gateway.registry.sweep()
        #expect(
            try await harness.call("GET", "/v1/sessions/\(alice.id)", token: alice.token).string("state") == "online")
        try await harness.stop()
    }

    @Test("A command on which the server closed twice is 501 from then on, and not sent")
    func notSupported() async throws {
        var script = Script.friendly
        script.close(on: "URL")
        let server = try await ScriptedServer.start(script)
        let harness = try GatewayHarness.with(server) { $0.timeouts.backoff.base = .milliseconds(1) }
        let alice = try await OpenedSession(harness)
        for connection in 1...2 {
            _ = await alice.get("/services/profile")
            try await server.received.first { $0.connection == connection + 1 && $0.text.hasPrefix("CHG") }
            try await alice.reaches("online")
        }
        let bob = try await harness.signIn("bob@example.com")
        let refused = await harness.call("GET", "/v1/sessions/\(bob.id)/services/profile", token: bob.token)
        #expect(refused.status == 501)
        #expect(refused.code == "not-supported-by-backend")
        #expect(try refused.string("detail").contains("URL"))
        #expect(server.received.all.count { $0.text.hasPrefix("URL") } == 2)
        try await harness.stop()
        try await server.stop()
    }

    @Test("A wall clock that jumps ahead or back empties no journal and moves nothing; times shown are those it says")
    func wallClock() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)"
        let events = path + "/events?after=oldest&wait=0&limit=500"
        let before = await harness.call("GET", events, token: alice.token)
        for days in [2, -2] {
            harness.clock.setWallClock(ahead: .seconds(days * 86_400))
            try await speak(server, 2, on: 1, harness, alice)
            let after = await harness.call("GET", events, token: alice.token)
            #expect(after.status == 200)
            #expect(after.events.count > before.events.count)
            #expect(after.events.first == before.events.first)
            let streamed = harness.gateway.registry.session(alice.id)?.oldestKept
            #expect(streamed == .zero)
        }
        let last = await harness.call("GET", events, token: alice.token).events.last
        #expect(last?["time"]?.text?.hasPrefix("2023-11-12") == true)
        // Time that passes does.
        harness.clock.advance(.seconds(86_401))
        #expect(await harness.call("GET", events, token: alice.token).events.isEmpty)
        try await harness.stop()
        try await server.stop()
    }

    @Test("How long to wait for a session that is coming back is no matter of the wall clock")
    func retryAfter() throws {
        var record = SessionRecord(
            id: "s", account: "a@b", backend: "b", createdAt: Timestamp(milliseconds: 0),
            journal: Journal(sessionID: "s", epoch: "abcdefgh", limits: JournalLimits()))
        record.apply(
            .reconnecting(.connectionLost, after: .seconds(7)), at: Timestamp(milliseconds: 1_000),
            uptime: .seconds(100))
        #expect(record.retryUptime == .seconds(107))
        #expect(record.retryAt == Timestamp(milliseconds: 8_000))
    }

    @Test("Texts of sent messages count for the bound of all, give when it is used up, and go with the session's end")
    func keptTexts() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server) { _ in
        } _: {
            $0.limits.totalJournalBytes = 1 << 20
        }
        let alice = try await harness.signIn("alice@example.com")
        let session = try #require(harness.gateway.registry.session(alice.id))
        let text = String(repeating: "a", count: 60_000)
        func send(_ number: UInt64) throws {
            session.change { record in
                do {
                    let draft = MessageDraft(text: try MessageText(validating: text), format: nil, clientRef: nil)
                    let id = record.conversations.messages.register(draft, at: Timestamp(milliseconds: 0)).id
                    record.apply(
                        .conversation(.sent(id, ConversationID(rawValue: 1))), at: Timestamp(milliseconds: 0),
                        uptime: .seconds(number))
                    record.apply(
                        .conversation(.settled(id, ConversationID(rawValue: 1), .delivered)),
                        at: Timestamp(milliseconds: 0), uptime: .seconds(number))
                } catch {
                    Issue.record(error)
                }
            }
        }
        let journals = harness.gateway.registry.journals
        for number in 1...40 { try send(UInt64(number)) }
        while journals.bytes > 1 << 20 { await Task.yield() }
        let kept = session.state.withLock { $0.record.keptBytes }
        #expect(kept == journals.bytes)
        #expect(session.state.withLock { $0.record.conversations.messages.bytes } < kept)
        #expect(session.state.withLock { $0.record.conversations.messages.bytes } > 0)
        harness.gateway.registry.signOut(session, .signedInElsewhere)
        #expect(session.state.withLock { $0.record.conversations.messages.bytes } == 0)
        #expect(journals.bytes == session.state.withLock { $0.record.journal.bytes })
        try await harness.stop()
        try await server.stop()
    }
}
