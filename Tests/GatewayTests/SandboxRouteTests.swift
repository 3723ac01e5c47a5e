import HTTPFront
import MSNP
import MSNPSandbox
import TestSupport
import Testing

@testable import Gateway

/// `POST /v1/sandbox/faults` (docs/sandbox.md#faults).
@Suite(.timeLimit(.minutes(2))) struct SandboxRouteTests {
    private static let path = "/v1/sandbox/faults"

    private func order(
        _ harness: GatewayHarness, _ json: String, token: String? = nil, headers: HeaderFields = []
    ) async -> TestAnswer {
        await harness.call("POST", Self.path, token: token, json: json, headers: headers)
    }

    @Test("A fault strikes the session that the gateway holds, and its readers see it")
    func kick() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        let answer = await order(harness, #"{"fault":"kick","account":"ALICE@example.com"}"#)
        #expect(answer.status == 204)
        #expect(answer.text == "")
        #expect(answer.header("X-Request-Id") != nil)
        var polled = await harness.call("GET", "/v1/sessions/\(alice.id)/events?after=oldest", token: alice.token)
        while !polled.text.contains(#""reason":"signedInElsewhere""#) {
            let next = try polled.string("next")
            polled = await harness.call(
                "GET", "/v1/sessions/\(alice.id)/events?after=\(next)&wait=10", token: alice.token)
            try #require(polled.status == 200, "\(polled.text)")
        }
        try await harness.stop()
    }

    @Test("Faults that wait for their occasion are taken before there is one", arguments: ["busy", "nak", "mail"])
    func waiting(fault: String) async throws {
        let harness = try await GatewayHarness.withSandbox()
        #expect(
            await order(harness, #"{"fault":"\#(fault)","account":"bob@example.com","count":1}"#).status == 204)
        let signedIn = await harness.call(
            "POST", "/v1/sessions", json: #"{"account":"bob@example.com","password":"sandbox"}"#)
        #expect(signedIn.status == (fault == "busy" ? 503 : 201))
        try await harness.stop()
    }

    @Test(
        "What is wrong with an order is said of its member",
        arguments: [
            (#"{}"#, "/fault"), (#"{"fault":"explode"}"#, "/fault"), (#"{"fault":null}"#, "/fault"),
            (#"{"fault":"kick","account":"nobody"}"#, "/account"), (#"{"fault":"kick","account":null}"#, "/account"),
            (#"{"fault":"nak","count":0}"#, "/count"), (#"{"fault":"nak","count":1001}"#, "/count"),
            (#"{"fault":"nak","count":1.5}"#, "/count"), (#"{"fault":"nak","count":1e300}"#, "/count"),
            (#"{"fault":"nak","count":"2"}"#, "/count"), (#"{"fault":"kick","when":"now"}"#, "/when"),
        ])
    func invalid(json: String, pointer: String) async throws {
        let harness = try await GatewayHarness.withSandbox()
        let answer = await order(harness, json)
        #expect(answer.status == 400)
        #expect(answer.code == "invalid-request")
        #expect(try answer.string("errors", "0", "pointer") == pointer)
        try await harness.stop()
    }

    @Test("No such account, and nobody there, are 404 and say which")
    func nobody() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let unknown = await order(harness, #"{"fault":"kick","account":"nobody@example.com"}"#)
        #expect(unknown.status == 404)
        #expect(try unknown.string("detail") == "The sandbox has no such account.")
        for json in [#"{"fault":"kick","account":"alice@example.com"}"#, #"{"fault":"alert"}"#] {
            let absent = await order(harness, json)
            #expect(absent.status == 404)
            #expect(try absent.string("detail").hasPrefix("There is nobody whom it could strike") == true)
        }
        try await harness.stop()
    }

    @Test("Other methods, other media types, other origins")
    func shape() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let read = await harness.call("GET", Self.path)
        #expect(read.status == 405)
        #expect(read.header("Allow") == "OPTIONS, POST")
        #expect(await order(harness, #"{"fault":"kick"}"#, headers: [("Content-Type", "text/plain")]).status == 415)
        #expect(await order(harness, #"{"fault":"kick"}"#, headers: [("Origin", "http://evil.example")]).status == 403)
        #expect(await harness.call("POST", Self.path).status == 400)
        try await harness.stop()
    }

    @Test("Without a sandbox there is no such path")
    func withoutSandbox() async throws {
        let harness = try await GatewayHarness.withSandbox { $0.sandbox = nil }
        #expect(await order(harness, #"{"fault":"kick"}"#).status == 404)
        #expect(await harness.call("GET", Self.path).status == 404)
        try await harness.stop()
    }

    @Test("Where signing in takes a key, so does this, and one with the scope admin")
    func credentials() async throws {
        let keys = try TestKeys()
        let harness = try await GatewayHarness.withSandbox { $0.keys = keys.store }
        let json = #"{"fault":"nak"}"#
        // No keys yet, so the loopback rule holds; a proxy in between ends it.
        #expect(await order(harness, json).status == 204)
        #expect(await order(harness, json, headers: [("Via", "1.1 proxy")]).status == 401)
        let bot = try keys.add("bot")
        let admin = try keys.add("admin", [.admin])
        let alice = try await harness.signIn("alice@example.com", key: bot)
        for token in [nil, bot, alice.token, "mgk_guess", "nonsense"] {
            let answer = await order(harness, json, token: token)
            #expect(answer.status == 401, "\(token ?? "nothing")")
            #expect(answer.header("WWW-Authenticate") == "Bearer")
        }
        #expect(await order(harness, json, token: admin).status == 204)
        #expect(await order(harness, json, token: admin, headers: [("Via", "1.1 proxy")]).status == 204)
        try await harness.stop()
    }

    @Test("Wrong credentials are not passed over where none are needed")
    func wrongCredentials() async throws {
        let harness = try await GatewayHarness.withSandbox()
        #expect(await order(harness, #"{"fault":"nak"}"#, token: "mgk_guess").status == 401)
        try await harness.stop()
    }
}
