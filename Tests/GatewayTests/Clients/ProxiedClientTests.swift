import HTTPFront
import TestSupport
import Testing

@testable import Gateway

/// What throttles, limits and the log know of clients behind a proxy.
@Suite(.timeLimit(.minutes(5))) struct ProxiedClientTests {
    private func harness(_ change: (inout GatewayConfiguration) -> Void = { _ in }) async throws -> GatewayHarness {
        try await GatewayHarness.withSandbox {
            // The peer of every request here.
            $0.trustedProxies = ["127.0.0.1"]
            $0.publicHosts = ["msn.example"]
            $0.openSignIn = true
            change(&$0)
        }
    }

    private func signIn(
        _ harness: GatewayHarness, _ account: String, _ password: String, from address: String,
        _ more: HeaderFields = []
    ) async -> TestAnswer {
        var headers = more
        headers.add("X-Forwarded-For", address)
        return await harness.call(
            "POST", "/v1/sessions", json: #"{"account":"\#(account)","password":"\#(password)"}"#, headers: headers)
    }

    @Test("Wrong passwords from one address lock the account for that address, and for nobody else")
    func throttled() async throws {
        let harness = try await harness()
        for _ in 1...6 {
            #expect(await signIn(harness, "alice@example.com", "guess", from: "192.0.2.1").status == 403)
        }
        let blocked = await signIn(harness, "alice@example.com", "sandbox", from: "192.0.2.1")
        #expect(blocked.status == 429)
        #expect(blocked.code == "rate-limited")
        #expect(blocked.header("Retry-After") == "1")
        // What a client writes itself stands to the left of what the proxy adds, or in a field that is not read.
        #expect(
            await signIn(
                harness, "alice@example.com", "sandbox", from: "192.0.2.9, 192.0.2.1", [("Forwarded", "for=192.0.2.9")]
            ).status == 429)
        #expect(await signIn(harness, "alice@example.com", "sandbox", from: "192.0.2.2").status == 201)
        try await harness.stop()
    }

    @Test("Sessions without a key are counted for each client, IPv6 by /64, and the log has its address")
    func counted() async throws {
        let harness = try await harness { $0.limits.sessionsPerAnonymousAddress = 1 }
        #expect(await signIn(harness, "alice@example.com", "sandbox", from: "2001:db8:0:1::1").status == 201)
        #expect(await signIn(harness, "bob@example.com", "sandbox", from: "2001:db8:0:1:9::1").status == 429)
        #expect(await signIn(harness, "bob@example.com", "sandbox", from: "2001:db8:0:2::1").status == 201)
        #expect(await signIn(harness, "carol@example.com", "sandbox", from: "192.0.2.1").status == 201)
        await harness.gateway.shutdown()
        let line = try await harness.log.lines.first { $0.contains("session ended") && $0.contains("192.0.2.1") }
        #expect(!line.contains("sandbox\""), "\(line)")
        try await harness.stop()
    }

    @Test("300 guesses at one account from 60 addresses, and one at each of 300 accounts from one address, are slowed")
    func guessing() async throws {
        let harness = try await harness()
        var refused = 0
        for number in 0..<300 {
            let answer = await signIn(harness, "alice@example.com", "guess", from: "192.0.2.\(number % 60)")
            if answer.status == 403 { refused += 1 } else { #expect(answer.status == 429) }
        }
        #expect(refused == SignInThrottleLimits.freeForAccount)
        // A right one from a new address is put off by ten seconds at most, and then goes ahead.
        let late = await signIn(harness, "alice@example.com", "sandbox", from: "198.51.100.7")
        #expect(late.status == 429)
        let wait = try #require(late.header("Retry-After").flatMap { Int($0) })
        #expect((1...10).contains(wait))
        harness.clock.advance(.seconds(wait))
        #expect(await signIn(harness, "alice@example.com", "sandbox", from: "198.51.100.7").status == 201)
        refused = 0
        for number in 0..<300 {
            let answer = await signIn(harness, "user\(number)@example.com", "guess", from: "203.0.113.1")
            if answer.status == 403 { refused += 1 } else { #expect(answer.status == 429) }
        }
        #expect(refused == SignInThrottleLimits.freeForSource)
        try await harness.stop()
    }

    @Test("Guesses at a session that lives are slowed like those that a server answers")
    func comparing() async throws {
        let harness = try await harness()
        #expect(await signIn(harness, "alice@example.com", "sandbox", from: "192.0.2.1").status == 201)
        var refused = 0
        for number in 0..<100 {
            let answer = await signIn(harness, "alice@example.com", "guess", from: "203.0.113.\(number)")
            if answer.status == 403 { refused += 1 } else { #expect(answer.status == 429) }
        }
        #expect(refused == SignInThrottleLimits.freeForAccount)
        #expect(await signIn(harness, "alice@example.com", "sandbox", from: "192.0.2.1").status == 200)
        try await harness.stop()
    }

    @Test("A flood of sign-ins that fail at once pushes out nobody else's ended session, and is bounded itself")
    func asynchronousFlood() async throws {
        let harness = try await harness { $0.limits.endedSessions = 50 }
        let answer = await signIn(harness, "alice@example.com", "sandbox", from: "192.0.2.1")
        let (id, token) = (try answer.string("session", "id"), try answer.string("token"))
        let session = try #require(harness.gateway.registry.session(id))
        harness.gateway.registry.signOut(session, .expired)
        var accepted = 0
        for number in 0..<1_000 {
            let answer = await signIn(
                harness, "user\(number)@example.com", "guess", from: "203.0.113.\(number % 4)",
                [("Prefer", "respond-async")])
            if answer.status == 202 { accepted += 1 } else { #expect(answer.status == 429) }
        }
        #expect(accepted <= 4 * SignInThrottleLimits.attempts)
        #expect(await harness.call("GET", "/v1/sessions/\(id)", token: token).status == 200)
        try await harness.stop()
    }
}
