import HTTPFront
import MSNP
import TestSupport
import Testing

@testable import Gateway

/// What `GET /v1/keys` shows, and to whom.
@Suite(.timeLimit(.minutes(5))) struct KeyRouteTests {
    @Test("An administrator sees each key with its creation and last use, and of no key what it could be used by")
    func keys() async throws {
        let keys = try TestKeys()
        let harness = try await GatewayHarness.withSandbox {
            $0.keys = keys.store
            $0.openSignIn = true
        }
        let (mine, admin) = (try keys.add("mine"), try keys.add("admin", [.admin]))
        func list() async throws -> (text: String, keys: [JSONValue]) {
            let answer = await harness.call("GET", "/v1/keys", token: admin)
            try #require(answer.status == 200, "\(answer.text)")
            guard case .array(let list) = answer.value("keys") else { throw TestError("no list: \(answer.text)") }
            return (answer.text, list)
        }
        let first = try await list()
        #expect(first.keys.map { $0["name"]?.text } == ["mine", "admin"])
        #expect(first.keys.map { $0["scopes"] } == [.array([]), .array([.string("admin")])])
        #expect(first.keys.allSatisfy { $0["createdAt"]?.text != nil })
        #expect(first.keys[0]["lastUsedAt"] == nil)
        let used = keys.clock.clock.now
        #expect(first.keys[1]["lastUsedAt"]?.text == used.text)
        for secret in [mine, admin] {
            #expect(!first.text.contains(secret) && !first.text.contains(secret.dropFirst(4)))
        }

        #expect(first.keys.map { $0["messagesPerSecond"] } == [.number(50), .number(50)])
        try keys.change("mine") { $0.changed(by: SendingPace(perSecond: 5, burst: nil) ?? SendingPace()) }
        let paced = try await list()
        #expect(paced.keys.map { $0["messagesPerSecond"] } == [.number(5), .number(50)])
        #expect(paced.keys.map { $0["messageBurst"] } == [.number(2_000), .number(2_000)])

        keys.clock.advance(.seconds(60))
        #expect(await harness.call("GET", "/v1/sessions", token: mine).status == 200)
        let second = try await list().keys
        #expect(
            second.map { $0["lastUsedAt"]?.text } == Array(repeating: used.advanced(by: .seconds(60)).text, count: 2))

        // A key that is made anew under its name has not been used.
        try keys.revoke("mine")
        _ = try keys.add("mine")
        let third = try await list().keys
        #expect(third.map { $0["name"]?.text } == ["admin", "mine"])
        #expect(third[1]["lastUsedAt"] == nil)
        try await harness.stop()
    }

    @Test("Whoever is no administrator sees none")
    func others() async throws {
        let keys = try TestKeys()
        let harness = try await GatewayHarness.withSandbox {
            $0.keys = keys.store
            $0.openSignIn = true
        }
        let mine = try keys.add("mine")
        let alice = try await OpenedSession(harness)
        for credentials in [nil, mine, alice.token, "mgk_nonsense"] {
            let answer = await harness.call("GET", "/v1/keys", token: credentials)
            #expect(answer.status == 401 && answer.code == "unauthorized", "\(answer.text)")
        }
        try await harness.stop()
    }
}
