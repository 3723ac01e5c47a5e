import HTTPFront
import MSNP
import TestSupport
import Testing

@testable import Gateway

/// `RateLimit-Policy` and `RateLimit` on answers.
@Suite(.timeLimit(.minutes(5))) struct RateLimitTests {
    private static let wrong = #"{"account":"alice@example.com","password":"guess"}"#
    private static let message = #"{"to":"bob@example.com","text":"hi"}"#

    private func limits(_ answer: TestAnswer) -> [String?] {
        [answer.header("RateLimit-Policy"), answer.header("RateLimit")]
    }

    @Test("Each message says how many more may go at once; an answer that is repeated says it as it is by then")
    func messages() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        _ = try await harness.signIn("bob@example.com")
        let path = "/v1/sessions/\(alice.id)/messages"
        let first = await harness.call(
            "POST", path, token: alice.token, json: Self.message, headers: [("Idempotency-Key", "k")])
        #expect(first.status == 201, "\(first.text)")
        #expect(limits(first) == [#""messages";q=2000;w=40"#, #""messages";r=1999;t=1"#])
        let conversation = try first.string("message", "conversationId")
        let second = await harness.call(
            "POST", "/v1/sessions/\(alice.id)/conversations/\(conversation)/messages", token: alice.token,
            json: #"{"text":"ho"}"#)
        #expect(limits(second)[1] == #""messages";r=1998;t=1"#)
        harness.clock.advance(.seconds(1))
        let again = await harness.call(
            "POST", path, token: alice.token, json: Self.message, headers: [("Idempotency-Key", "k")])
        #expect(again.header("Idempotency-Replayed") == "true")
        #expect(limits(again)[1] == #""messages";r=2000"#)
        let malformed = await harness.call("POST", path, token: alice.token, json: "{}")
        #expect(malformed.status == 400 && limits(malformed) == [nil, nil])
        try await harness.stop()
    }

    @Test("A key's own pace counts for each of its sessions, also for those that are there when it changes")
    func pace() async throws {
        let keys = try TestKeys()
        let harness = try await GatewayHarness.withSandbox { $0.keys = keys.store }
        let key = try keys.add("bot", pace: try #require(SendingPace(perSecond: 2, burst: 3)))
        let other = try keys.add("other")
        let alice = try await harness.signIn("alice@example.com", key: key)
        _ = try await harness.signIn("bob@example.com", key: other)
        let path = "/v1/sessions/\(alice.id)/messages"
        func send() async -> TestAnswer { await harness.call("POST", path, token: key, json: Self.message) }
        for left in [2, 1, 0] {
            let sent = await send()
            #expect(sent.status == 201, "\(sent.text)")
            #expect(limits(sent) == [#""messages";q=3;w=2"#, #""messages";r=\#(left);t=1"#])
        }
        let refused = await send()
        #expect(refused.status == 429 && refused.header("Retry-After") == "1")
        #expect(limits(refused) == [#""messages";q=3;w=2"#, #""messages";r=0;t=1"#])
        #expect(try refused.string("detail").contains("2 messages a second once it has sent 3 at once"))

        try keys.change("bot") { _ in SendingPace(perSecond: 1, burst: 10) ?? SendingPace() }
        let sent = await send()
        #expect(sent.status == 201)
        #expect(limits(sent) == [#""messages";q=10;w=10"#, #""messages";r=6;t=1"#], "three are missing, and this one")
        try keys.change("bot") { _ in SendingPace() }
        #expect(limits(await send())[0] == #""messages";q=2000;w=40"#)
        let carol = try await harness.signIn("carol@example.com", key: key)
        try keys.change("bot") { _ in SendingPace(perSecond: nil, burst: 1) ?? SendingPace() }
        let last = await harness.call("POST", "/v1/sessions/\(carol.id)/messages", token: key, json: Self.message)
        #expect(limits(last) == [#""messages";q=1;w=1"#, #""messages";r=0;t=1"#])
        try await harness.stop()
    }

    @Test("A sign-in says what may fail further, and a refusal when to come again")
    func signIns() async throws {
        let harness = try await GatewayHarness.withSandbox { $0.limits.sessionsPerAnonymousAddress = 2 }
        var failed = await harness.call("POST", "/v1/sessions", json: Self.wrong)
        #expect(failed.status == 403)
        #expect(
            limits(failed) == [
                #""sign-in-failures";q=5;w=3600, "client-sign-in-failures";q=20;w=1200, "sign-in-attempts";q=60;w=60"#,
                #""sign-in-failures";r=4;t=3600, "client-sign-in-failures";r=19;t=60, "sign-in-attempts";r=59;t=1"#,
            ])
        for _ in 2...6 { failed = await harness.call("POST", "/v1/sessions", json: Self.wrong) }
        #expect(failed.header("RateLimit")?.hasPrefix(#""sign-in-failures";r=0;t=1,"#) == true)
        let blocked = await harness.call("POST", "/v1/sessions", json: Self.wrong)
        #expect(blocked.status == 429 && blocked.header("Retry-After") == "1")
        #expect(limits(blocked) == [#""sign-in-failures";q=5;w=3600"#, #""sign-in-failures";r=0;t=1"#])
        harness.clock.advance(.seconds(1))
        let signedIn = await harness.call(
            "POST", "/v1/sessions", json: #"{"account":"alice@example.com","password":"sandbox"}"#)
        #expect(signedIn.status == 201)
        #expect(
            signedIn.header("RateLimit")?.hasPrefix(#""sign-in-failures";r=5, "sign-in-attempts";r=20"#) == true)
        #expect(signedIn.header("RateLimit")?.hasSuffix(#""sessions";r=1"#) == true)
        _ = try await harness.signIn("bob@example.com")
        let full = await harness.call(
            "POST", "/v1/sessions", json: #"{"account":"carol@example.com","password":"sandbox"}"#)
        #expect(full.status == 429 && full.header("Retry-After") == "60")
        #expect(limits(full) == [#""sessions";q=2"#, #""sessions";r=0;t=60"#])
        try await harness.stop()
    }

    @Test("Polls, streams, traces and changes say how many more may be at one time")
    func concurrency() async throws {
        let keys = try TestKeys()
        let harness = try await GatewayHarness.withSandbox {
            $0.keys = keys.store
            $0.limits.parkedPollsPerSession = 1
            $0.limits.streamsPerSession = 2
            $0.limits.readersPerFeed = 3
        }
        let key = try keys.add("bot")
        let alice = try await harness.signIn("alice@example.com", key: key)
        let path = "/v1/sessions/\(alice.id)"
        let page = await harness.call("GET", path + "/events?wait=0", token: key)
        #expect(limits(page) == [#""polls";q=1;qu="concurrent-requests""#, #""polls";r=1"#])
        let cursor = try await harness.call("GET", path, token: key).string("cursor")
        let waiting = harness.begin("GET", path + "/events?after=\(cursor)&types=mail.received", token: key)
        let refused = await harness.call("GET", path + "/events?after=\(cursor)&types=mail.received", token: key)
        #expect(refused.status == 429 && refused.header("Retry-After") == "1")
        #expect(limits(refused) == [#""polls";q=1;qu="concurrent-requests""#, #""polls";r=0;t=1"#])
        waiting.release()
        #expect(limits(await waiting.answer())[1] == #""polls";r=1"#, "its own place is free again")

        let looked = await harness.call("HEAD", path + "/stream", token: key)
        #expect(limits(looked) == [#""streams";q=2;qu="concurrent-requests""#, #""streams";r=2"#])
        for left in [1, 0] {
            let stream = harness.begin("GET", path + "/stream", token: key)
            #expect(limits(await stream.answer())[1] == #""streams";r=\#(left)"#)
        }
        #expect(limits(await harness.call("GET", path + "/stream", token: key))[1] == #""streams";r=0;t=1"#)
        #expect(limits(await harness.begin("GET", path + "/trace", token: key).answer())[1] == #""traces";r=7"#)
        #expect(limits(await harness.call("GET", "/v1/events?wait=0", token: key))[1] == #""polls";r=3"#)
        #expect(limits(await harness.begin("GET", "/v1/stream", token: key).answer())[1] == #""streams";r=2"#)

        let changed = await harness.call(
            "PATCH", path + "/contacts/bob@example.com", token: key, json: #"{"blocked":true}"#)
        #expect(changed.status == 200, "\(changed.text)")
        #expect(limits(changed) == [#""changes";q=64;qu="concurrent-requests""#, #""changes";r=64"#])
        try await harness.stop()
    }

    @Test("The server's own limit has no policy, and is told beside that of the route")
    func server() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await OpenedSession(harness)
        server.change {
            $0.answers["ADD"] = { frame in [.line("800 \(frame.parameters[0])")] }
            $0.answers["REA"] = { frame in [.line("800 \(frame.parameters[0])")] }
        }
        let edit = await alice.call("PUT", "/contacts/new@example.com")
        #expect(edit.status == 429 && edit.header("Retry-After") == "10", "\(edit.text)")
        #expect(limits(edit) == [#""changes";q=64;qu="concurrent-requests""#, #""changes";r=64, "server";r=0;t=10"#])
        let name = await alice.call("PATCH", "", #"{"displayName":"A"}"#)
        #expect(name.status == 429)
        #expect(limits(name) == [nil, #""server";r=0;t=10"#])
        try await harness.stop()
        try await server.stop()
    }

    @Test("What has no limit says nothing of any, and pages of other origins may read what is said")
    func others() async throws {
        let harness = try await GatewayHarness.withSandbox { $0.corsOrigins = ["https://page.example"] }
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)"
        for (method, target) in [
            ("GET", path), ("GET", path + "/snapshot"), ("GET", path + "/contacts"), ("GET", path + "/messages/x"),
            ("GET", "/v1"), ("GET", "/v1/sessions"), ("GET", "/livez"), ("OPTIONS", path + "/messages"), ("GET", "/x"),
        ] {
            let answer = await harness.call(method, target, token: alice.token)
            #expect(limits(answer) == [nil, nil], "\(method) \(target)")
        }
        let stranger = await harness.call("POST", path + "/messages", token: "mgt_x", json: Self.message)
        #expect(stranger.status == 401 && limits(stranger) == [nil, nil])
        let shared = await harness.call(
            "GET", path + "/events?wait=0", token: alice.token, headers: [("Origin", "https://page.example")])
        let exposed = try #require(shared.header("Access-Control-Expose-Headers")).split(separator: ", ")
        #expect(exposed.contains("RateLimit") && exposed.contains("RateLimit-Policy"))
        try await harness.stop()
    }

    @Test("An address with too many connections is told of that")
    func connections() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let refused = TestAnswer(harness.gateway.refuse(.address))
        #expect(limits(refused) == [#""connections";q=256"#, #""connections";r=0;t=5"#])
        #expect(limits(TestAnswer(harness.gateway.refuse(.descriptors))) == [nil, nil])
        try await harness.stop()
    }
}
