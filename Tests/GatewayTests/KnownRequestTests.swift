import HTTPFront
import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// What follows from a head is kept with its connection; whether the caller may do something is asked anew each time.
@Suite(.timeLimit(.minutes(5))) struct KnownRequestTests {
    /// One connection on which the same head comes again and again, but for its query.
    private final class Kept {
        let gateway: Gateway
        var memo: HeadMemo?

        init(gateway: Gateway) { self.gateway = gateway }

        func ask(_ head: RequestHead) -> Response? {
            switch gateway.receive(head, &memo) {
            case .answer(.now(let response)): response
            default: nil
            }
        }
    }

    private func request(
        _ path: String, method: String = "GET", query: String? = nil, token: String, _ others: HeaderFields = []
    ) -> RequestHead {
        var headers: HeaderFields = [("Host", "gateway.example"), ("Authorization", "Bearer \(token)")]
        for (name, value) in others { headers.add(name, value) }
        return RequestHead(method: method, path: path, query: query, headers: headers)
    }

    private func harness(keys: TestKeys? = nil) async throws -> GatewayHarness {
        try await GatewayHarness.withSandbox {
            $0.publicHosts = ["gateway.example"]
            // Else a gateway with a public name wants a key.
            $0.openSignIn = true
            if let keys { $0.keys = keys.store }
        }
    }

    @Test("It is kept, and answers are the same, but for what names them")
    func same() async throws {
        let harness = try await harness()
        let alice = try await harness.signIn("alice@example.com")
        let kept = Kept(gateway: harness.gateway)
        let head = request("/v1/sessions/\(alice.id)/presence", token: alice.token)
        let first = try #require(kept.ask(head))
        let known = try #require(kept.memo as? KnownRequest)
        let second = try #require(kept.ask(head))
        #expect(kept.memo as? KnownRequest === known)
        #expect(first.status == 200)
        #expect((first.status, first.body) == (second.status, second.body))
        #expect(first.value(of: "X-Request-Id") != second.value(of: "X-Request-Id"))
        #expect(first.headers.map(\.name) == second.headers.map(\.name))
        try await harness.stop()
    }

    @Test("The query is not kept: what it says wrongly is refused, and what it wants is done")
    func queries() async throws {
        let harness = try await harness()
        let alice = try await harness.signIn("alice@example.com")
        try await harness.settle(alice.id, token: alice.token)
        let kept = Kept(gateway: harness.gateway)
        let path = "/v1/sessions/\(alice.id)/events"
        func events(_ query: String) -> Int? {
            kept.ask(request(path, query: query, token: alice.token, [("Prefer", "wait=30")]))?.status
        }
        #expect(events("after=oldest&limit=1") == 200)
        #expect(events("after=oldest&limit=0") == 400)
        #expect(events("after=nonsense") == 400)
        #expect(events("after=oldest&after=now") == 400)
        #expect(events("before=now") == 400)
        // It waits as it prefers to, unless the query says something else.
        #expect(events("after=now") == nil)
        let prefers: HeaderFields = [("Prefer", "wait=30")]
        let now = try #require(kept.ask(request(path, query: "after=now&wait=0", token: alice.token, prefers)))
        #expect(now.status == 200)
        #expect(now.value(of: "Preference-Applied") == nil)
        let oldest = try #require(kept.ask(request(path, query: "after=oldest", token: alice.token, prefers)))
        #expect(oldest.value(of: "Preference-Applied") == "wait=30")
        try await harness.stop()
    }

    @Test("A session that has ended has ended on a connection that is kept, too")
    func endedSession() async throws {
        let harness = try await harness()
        let alice = try await harness.signIn("alice@example.com")
        let kept = Kept(gateway: harness.gateway)
        let head = request("/v1/sessions/\(alice.id)/presence", token: alice.token)
        #expect(kept.ask(head)?.status == 200)
        #expect(
            await harness.call("DELETE", "/v1/sessions/\(alice.id)", token: alice.token).status == 204)
        // It can be read for a while, and says that it has ended.
        #expect(kept.ask(head)?.status == 409)
        try await harness.stop()
    }

    @Test("A key that is revoked is refused on a connection that is kept, and one that is made is taken")
    func revokedKey() async throws {
        let keys = try TestKeys()
        let harness = try await harness(keys: keys)
        let mine = try keys.add("mine")
        let alice = try await harness.signIn("alice@example.com", key: mine)
        let kept = Kept(gateway: harness.gateway)
        let head = request("/v1/sessions/\(alice.id)/presence", token: mine)
        #expect(kept.ask(head)?.status == 200)
        #expect(kept.ask(head)?.status == 200)
        try keys.revoke("mine")
        #expect(kept.ask(head)?.status == 401)
        // A refused one is no worse off once it counts.
        let other = Kept(gateway: harness.gateway)
        #expect(other.ask(request("/v1/keys", token: mine))?.status == 401)
        try await harness.stop()
    }

    @Test("Rules that change count at once, for a host and for what pages see")
    func rules() async throws {
        let harness = try await harness()
        let alice = try await harness.signIn("alice@example.com")
        let kept = Kept(gateway: harness.gateway)
        let head = request(
            "/v1/sessions/\(alice.id)/presence", token: alice.token, [("Origin", "https://page.example")])
        let before = try #require(kept.ask(head))
        #expect(before.status == 200)
        #expect(before.value(of: "Access-Control-Allow-Origin") == nil)

        var configuration = GatewayConfiguration(
            backends: [.init(name: "sandbox", address: .init(host: "127.0.0.1"))], listensOnLoopback: true)
        configuration.publicHosts = ["gateway.example"]
        configuration.corsOrigins = ["https://page.example"]
        harness.gateway.apply(configuration)
        #expect(kept.ask(head)?.value(of: "Access-Control-Allow-Origin") == "https://page.example")

        configuration.publicHosts = []
        harness.gateway.apply(configuration)
        #expect(kept.ask(head)?.status == 421)
        #expect(kept.memo == nil)
        #expect(kept.ask(head)?.status == 421)

        configuration.publicHosts = ["gateway.example"]
        harness.gateway.apply(configuration)
        #expect(kept.ask(head)?.status == 200)
        try await harness.stop()
    }

    @Test("What is refused by its head is refused each time, and in the same order")
    func refused() async throws {
        let harness = try await harness()
        let alice = try await harness.signIn("alice@example.com")
        let bob = try await harness.signIn("bob@example.com")
        let path = "/v1/sessions/\(alice.id)/presence"
        let long = String(repeating: "\"a\",", count: 1100)
        for (head, status) in [
            (request(path, token: "mgt_guess"), 401), (request(path, token: bob.token), 404),
            (request(path + "x", token: alice.token), 404), (request(path, method: "BREW", token: alice.token), 405),
            (request(path, token: alice.token, [("Accept", "text/html")]), 406),
            (request(path, token: "mgt_guess", [("Accept", "text/html")]), 401),
            (request(path, token: alice.token, [("If-None-Match", long)]), 400),
            (request(path, token: "mgt_guess", [("If-None-Match", long)]), 401),
        ] {
            let kept = Kept(gateway: harness.gateway)
            for _ in 0..<3 { #expect(kept.ask(head)?.status == status) }
        }
        try await harness.stop()
    }

    @Test("What is known already is not sent again, and what has changed is")
    func conditional() async throws {
        let harness = try await harness()
        let alice = try await harness.signIn("alice@example.com")
        try await harness.settle(alice.id, token: alice.token)
        let path = "/v1/sessions/\(alice.id)/contacts"
        let kept = Kept(gateway: harness.gateway)
        let first = try #require(kept.ask(request(path, token: alice.token)))
        let tag = try #require(first.value(of: "ETag"))
        let conditional = Kept(gateway: harness.gateway)
        for _ in 0..<2 {
            #expect(conditional.ask(request(path, token: alice.token, [("If-None-Match", tag)]))?.status == 304)
        }
        try await harness.stop()
    }

    @Test("A name that the caller gives its requests is said each time")
    func requestID() async throws {
        let harness = try await harness()
        let alice = try await harness.signIn("alice@example.com")
        let kept = Kept(gateway: harness.gateway)
        let head = request("/v1/sessions/\(alice.id)/presence", token: alice.token, [("X-Request-Id", "mine")])
        for _ in 0..<2 { #expect(kept.ask(head)?.value(of: "X-Request-Id") == "mine") }
        try await harness.stop()
    }

    @Test("Credentials are kept as their digest alone")
    func secrets() async throws {
        let harness = try await harness()
        let alice = try await harness.signIn("alice@example.com")
        let kept = Kept(gateway: harness.gateway)
        _ = kept.ask(request("/v1/sessions/\(alice.id)/presence", token: alice.token))
        let known = try #require(kept.memo as? KnownRequest)
        var text = ""
        dump(known, to: &text)
        #expect(!text.contains(alice.token))
        try await harness.stop()
    }
}
