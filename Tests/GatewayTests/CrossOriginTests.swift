import HTTPFront
import Testing

@testable import Gateway

/// What pages of other origins may see.
@Suite(.timeLimit(.minutes(5))) struct CrossOriginTests {
    private static let listed: (name: String, value: String) = ("Origin", "https://bots.example")
    private static let other: (name: String, value: String) = ("Origin", "https://evil.example")

    private func harness() async throws -> GatewayHarness {
        try await GatewayHarness.withSandbox { $0.corsOrigins = ["https://bots.example"] }
    }

    private func isShared(_ answer: TestAnswer) -> Bool {
        answer.header("Access-Control-Allow-Origin") == "https://bots.example"
            && answer.header("Access-Control-Expose-Headers")?.contains("X-Request-Id") == true
            && answer.header("Access-Control-Allow-Credentials") == nil
    }

    private func isNotShared(_ answer: TestAnswer) -> Bool {
        !answer.response.headers.contains { $0.name.lowercased().hasPrefix("access-control-") }
    }

    @Test("A preflight is answered before credentials, methods and bodies are looked at, and after the path")
    func preflight() async throws {
        let harness = try await harness()
        let asked: HeaderFields = [
            Self.listed, ("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "authorization"),
        ]
        let answer = await harness.call("OPTIONS", "/v1/sessions/nobodys/presence", headers: asked)
        #expect(answer.status == 204)
        #expect(isShared(answer))
        #expect(answer.header("Access-Control-Allow-Methods") == "GET, HEAD, OPTIONS, PUT")
        let headers = answer.header("Access-Control-Allow-Headers")?.split(separator: ", ").map(String.init) ?? []
        for name in ["Authorization", "Content-Type", "Idempotency-Key", "Prefer", "If-None-Match", "Last-Event-ID"] {
            #expect(headers.contains(name))
        }
        #expect(answer.header("Access-Control-Max-Age") == "600")
        #expect(answer.header("Vary") == "Origin")
        #expect(answer.header("Allow") == "GET, HEAD, OPTIONS, PUT")

        let nowhere = await harness.call("OPTIONS", "/v1/nothing", headers: asked)
        #expect(nowhere.status == 404)
        #expect(isShared(nowhere), "so that the page can read why")
        let plain = await harness.call("OPTIONS", "/v1/sessions", headers: [Self.listed])
        #expect(plain.header("Access-Control-Allow-Methods") == nil, "that was none")
        var unlisted = asked
        unlisted.set("Origin", "https://evil.example")
        let refused = await harness.call("OPTIONS", "/v1/sessions/nobodys/presence", headers: unlisted)
        #expect(refused.status == 204)
        #expect(isNotShared(refused))
        #expect(refused.header("Vary") == "Origin")
        try await harness.stop()
    }

    @Test("Every answer to a listed origin says so, errors too; others hear nothing of it")
    func answers() async throws {
        let harness = try await harness()
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)"
        for (method, target, token, status) in [
            ("GET", "/v1", nil, 200), ("HEAD", "/v1", nil, 200), ("GET", path, alice.token, 200),
            ("GET", path, nil, 401), ("GET", "/v1/nothing", nil, 404), ("BREW", "/v1", nil, 405),
            ("DELETE", path, "mgt_guess", 401), ("GET", path + "/events?wait=x", alice.token, 400),
            ("GET", path + "/events?wait=0", alice.token, 200),
        ] as [(String, String, String?, Int)] {
            let answer = await harness.call(method, target, token: token, headers: [Self.listed])
            #expect(answer.status == status, "\(method) \(target)")
            #expect(isShared(answer), "\(method) \(target)")
            #expect(answer.header("Vary") == "Origin")
            for origin in [Self.other, ("Origin", "null"), ("Origin", "https://bots.example, https://evil.example")] {
                let answer = await harness.call(method, target, token: token, headers: [origin])
                #expect(isNotShared(answer), "\(method) \(target) \(origin)")
                #expect(answer.header("Vary") == "Origin", "a cache must not mix them up")
            }
            #expect(isNotShared(await harness.call(method, target, token: token)))
        }
        let misdirected = await harness.call("GET", "/v1", headers: [Self.listed, ("Host", "evil.example")])
        #expect(misdirected.status == 421)
        #expect(isShared(misdirected))
        let refused = harness.gateway.refuse(
            .repeatedHost,
            RequestHead(
                method: "GET", path: "/", query: nil, headers: [Self.listed], peer: PeerAddress(ip: "127.0.0.1"),
                contentLength: nil, hasBody: false))
        #expect(isShared(TestAnswer(refused)))
        try await harness.stop()
    }

    @Test("A poll that waits, and one that is answered late, too")
    func parked() async throws {
        let harness = try await harness()
        let alice = try await harness.signIn("alice@example.com")
        let poll = harness.begin(
            "GET", "/v1/sessions/\(alice.id)/events", token: alice.token, headers: [Self.listed])
        #expect(poll.isParked)
        poll.release()
        #expect(isShared(await poll.answer()))
        try await harness.stop()
    }

    @Test("Without a list nothing is said of it")
    func noList() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let answer = await harness.call(
            "OPTIONS", "/v1", headers: [Self.listed, ("Access-Control-Request-Method", "GET")])
        #expect(answer.status == 204)
        #expect(isNotShared(answer))
        #expect(answer.header("Vary") == nil)
        try await harness.stop()
    }
}
