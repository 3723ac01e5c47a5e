import TestSupport
import Testing

@testable import Gateway

/// Which of a session's tokens makes room for a new one.
@Suite(.timeLimit(.minutes(5))) struct TokenTests {
    private struct Stage {
        let harness: GatewayHarness
        let id: String
        let first: String

        init() async throws {
            harness = try await GatewayHarness.withSandbox { $0.limits.tokensPerSession = 3 }
            (id, first) = try await harness.signIn("alice@example.com")
        }

        func anotherToken() async throws -> String {
            let answer = await harness.call(
                "POST", "/v1/sessions", json: #"{"account":"alice@example.com","password":"sandbox"}"#)
            try #require(answer.status == 200)
            return try answer.string("token")
        }

        func isGood(_ token: String) async -> Bool {
            await harness.call("GET", "/v1/sessions/\(id)", token: token).status == 200
        }
    }

    @Test("The token that was used least recently makes room, whichever was given first")
    func leastRecentlyUsed() async throws {
        let stage = try await Stage()
        let daemon = stage.first
        // A script that signs in again and again pushes out its own tokens.
        var scripts: [String] = []
        for _ in 1...10 {
            #expect(await stage.isGood(daemon))
            scripts.append(try await stage.anotherToken())
        }
        #expect(await stage.isGood(daemon))
        for old in scripts.dropLast(2) { #expect(await !stage.isGood(old)) }
        for new in scripts.suffix(2) { #expect(await stage.isGood(new)) }
        // Once it is silent it goes as any other.
        _ = try await stage.anotherToken()
        #expect(await !stage.isGood(daemon))
        try await stage.harness.stop()
    }

    @Test("A stream uses its token for as long as it is open")
    func streams() async throws {
        let stage = try await Stage()
        let stream = try await stage.harness.begin(
            "GET", "/v1/sessions/\(stage.id)/stream", token: stage.first
        ).stream()
        for _ in 1...5 { _ = try await stage.anotherToken() }
        #expect(await stage.isGood(stage.first))
        for _ in 1...5 { _ = try await stage.anotherToken() }
        stream.leave()
        // Its end was its last use.
        for _ in 1...2 { _ = try await stage.anotherToken() }
        #expect(await stage.isGood(stage.first))
        for _ in 1...3 { _ = try await stage.anotherToken() }
        #expect(await !stage.isGood(stage.first))
        try await stage.harness.stop()
    }

    @Test("A new token is given also while all others hold streams")
    func allStream() async throws {
        let stage = try await Stage()
        var tokens = [stage.first]
        for _ in 1...2 { tokens.append(try await stage.anotherToken()) }
        for token in tokens {
            _ = try await stage.harness.begin("GET", "/v1/sessions/\(stage.id)/stream", token: token).stream()
        }
        let last = try await stage.anotherToken()
        #expect(await stage.isGood(last))
        #expect(await !stage.isGood(tokens[0]))
        for token in tokens.dropFirst() { #expect(await stage.isGood(token)) }
        try await stage.harness.stop()
    }
}
