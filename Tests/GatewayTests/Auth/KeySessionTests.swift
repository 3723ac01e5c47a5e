import HTTPFront
import TestSupport
import Testing

@testable import Gateway

/// Sessions that API keys open.
@Suite(.timeLimit(.minutes(5))) struct KeySessionTests {
    private static let alice = #"{"account":"alice@example.com","password":"sandbox"}"#
    private static let bob = #"{"account":"bob@example.com","password":"sandbox"}"#

    private func ids(_ harness: GatewayHarness, _ credentials: String) async throws -> [String] {
        let answer = await harness.call("GET", "/v1/sessions", token: credentials)
        try #require(answer.status == 200, "\(answer.text)")
        guard case .array(let sessions) = answer.value("sessions") else { throw TestError("no list: \(answer.text)") }
        return sessions.compactMap { $0["id"]?.text }
    }

    @Test("A key lists its sessions, oldest first, ended ones among them until they are gone; an administrator all")
    func listing() async throws {
        let keys = try TestKeys()
        let harness = try await GatewayHarness.withSandbox {
            $0.keys = keys.store
            $0.limits.endedSessionAge = 100
        }
        let (mine, theirs) = (try keys.add("mine"), try keys.add("theirs"))
        let admin = try keys.add("admin", [.admin])
        #expect(try await ids(harness, mine).isEmpty)
        let carol = try await harness.signIn("carol@example.com", key: mine)
        harness.clock.advance(.seconds(1))
        // Of the same moment: then the ID decides.
        let alice = try await harness.signIn("alice@example.com", key: mine)
        let dave = try await harness.signIn("dave@example.com", key: mine)
        harness.clock.advance(.seconds(1))
        let erin = try await harness.signIn("erin@example.com", key: theirs)
        let mines = [carol.id] + [alice.id, dave.id].sorted()
        #expect(try await ids(harness, mine) == mines)
        #expect(try await ids(harness, theirs) == [erin.id])
        #expect(try await ids(harness, admin) == mines + [erin.id])
        #expect(try await ids(harness, alice.token) == [alice.id])
        #expect(await harness.call("DELETE", "/v1/sessions/\(carol.id)", token: mine).status == 204)
        #expect(await harness.call("DELETE", "/v1/sessions/\(carol.id)", token: mine).status == 204)
        #expect(try await ids(harness, mine) == mines)
        harness.clock.advance(.seconds(61))
        #expect(try await ids(harness, mine) == [alice.id, dave.id].sorted())
        #expect(await harness.call("GET", "/v1/sessions/\(carol.id)", token: mine).status == 404)
        let one = await harness.call("GET", "/v1/sessions/\(erin.id)", token: theirs).text
        #expect(await harness.call("GET", "/v1/sessions", token: theirs).text == #"{"sessions":[\#(one)]}"#)
        try await harness.stop()
    }

    @Test("An administrator ends anybody's session, and gets nothing else of it")
    func administrator() async throws {
        let keys = try TestKeys()
        let harness = try await GatewayHarness.withSandbox {
            $0.keys = keys.store
            $0.openSignIn = true
        }
        let (mine, admin) = (try keys.add("mine"), try keys.add("admin", [.admin]))
        let alice = try await harness.signIn("alice@example.com", key: mine)
        let erin = try await harness.signIn("erin@example.com")
        for session in [alice, erin] {
            let path = "/v1/sessions/\(session.id)"
            #expect(await harness.call("GET", path, token: admin).status == 404)
            #expect(await harness.call("DELETE", path, token: admin).status == 204)
            #expect(await harness.call("DELETE", path, token: admin).status == 204)
            #expect(try await harness.call("GET", path, token: session.token).string("reason") == "signedOut")
        }
        #expect(await harness.call("DELETE", "/v1/sessions/none", token: admin).status == 404)
        let own = try await harness.signIn("bob@example.com", key: admin)
        #expect(await harness.call("GET", "/v1/sessions/\(own.id)/snapshot", token: admin).status == 200)
        try await harness.stop()
    }

    @Test("What is no key can't open a session, a session's token least of all")
    func credentials() async throws {
        let keys = try TestKeys()
        let harness = try await GatewayHarness.withSandbox {
            $0.keys = keys.store
            $0.openSignIn = true
        }
        let mine = try keys.add("mine")
        let alice = try await harness.signIn("alice@example.com", key: mine)
        for wrong in [alice.token, "mgk_guess", String(mine.dropLast()), mine + "A"] {
            let answer = await harness.call("POST", "/v1/sessions", token: wrong, json: Self.bob)
            #expect(answer.status == 401)
            #expect(answer.header("WWW-Authenticate") == "Bearer")
        }
        let twice: HeaderFields = [("Authorization", "Bearer \(mine)"), ("Authorization", "Bearer \(mine)")]
        #expect(await harness.call("POST", "/v1/sessions", json: Self.bob, headers: twice).status == 401)
        #expect(await harness.call("GET", "/v1/sessions/\(alice.id)?key=\(mine)").status == 401, "never in the URL")
        try await harness.stop()
    }

    @Test("Signing in again with the same key finds the session; with another key the server decides")
    func owners() async throws {
        let keys = try TestKeys()
        let harness = try await GatewayHarness.withSandbox { $0.keys = keys.store }
        let (mine, theirs) = (try keys.add("mine"), try keys.add("theirs"))
        let first = try await harness.signIn("alice@example.com", key: mine)
        let again = await harness.call("POST", "/v1/sessions", token: mine, json: Self.alice)
        #expect(again.status == 200)
        #expect(try again.string("session", "id") == first.id)
        let other = try await harness.signIn("alice@example.com", key: theirs)
        #expect(other.id != first.id)
        // Answered at once when it has ended, which the sandbox sees to.
        let path = "/v1/sessions/\(first.id)/events?types=session.state"
        var page = await harness.call("GET", path, token: mine)
        while page.value("ended") != .bool(true) {
            page = await harness.call("GET", path + "&after=\(try page.string("next"))", token: mine)
        }
        #expect(
            try await harness.call("GET", "/v1/sessions/\(first.id)", token: mine).string("reason")
                == "signedInElsewhere")
        try await harness.stop()
    }

    @Test("A key that comes back under a revoked one's name has none of its sessions")
    func sameName() async throws {
        let keys = try TestKeys()
        let harness = try await GatewayHarness.withSandbox { $0.keys = keys.store }
        let old = try keys.add("bot")
        let session = try await harness.signIn("alice@example.com", key: old)
        try keys.revoke("bot")
        let new = try keys.add("bot")
        #expect(await harness.call("GET", "/v1/sessions/\(session.id)", token: new).status == 404)
        #expect(try await ids(harness, new).isEmpty)
        #expect(await harness.call("GET", "/v1/sessions/\(session.id)", token: old).status == 401)
        try await harness.stop()
    }

    @Test("Sessions of keys are not counted for the address, when they begin or when they end")
    func addresses() async throws {
        let keys = try TestKeys()
        let harness = try await GatewayHarness.withSandbox {
            $0.keys = keys.store
            $0.openSignIn = true
            $0.limits.sessionsPerAnonymousAddress = 1
        }
        let mine = try keys.add("mine")
        let alice = try await harness.signIn("alice@example.com", key: mine)
        _ = try await harness.signIn("carol@example.com", key: mine)
        _ = try await harness.signIn("erin@example.com")
        #expect(await harness.call("POST", "/v1/sessions", json: Self.bob).code == "rate-limited")
        #expect(await harness.call("DELETE", "/v1/sessions/\(alice.id)", token: mine).status == 204)
        #expect(await harness.call("POST", "/v1/sessions", json: Self.bob).code == "rate-limited")
        try await harness.stop()
    }

    @Test("The open sign-in closes with the first key and opens again with the last, unless the operator has decided")
    func openSignIn() async throws {
        for said in [nil, true, false] as [Bool?] {
            let keys = try TestKeys()
            let harness = try await GatewayHarness.withSandbox {
                $0.keys = keys.store
                $0.openSignIn = said
            }
            func isOpen() async throws -> Bool {
                let word = try await harness.call("GET", "/v1").string("signIn")
                let answer = await harness.call("POST", "/v1/sessions", json: #"{"account":"a","password":"x"}"#)
                #expect(answer.code == (word == "open" ? "invalid-request" : "sign-in-closed"))
                return word == "open"
            }
            #expect(try await isOpen() == said ?? true)
            _ = try keys.add("bot")
            #expect(try await isOpen() == said ?? false)
            try keys.revoke("bot")
            #expect(try await isOpen() == said ?? true)
            try await harness.stop()
        }
    }

    @Test("Neither key nor hash is in any log or answer")
    func secrets() async throws {
        let keys = try TestKeys()
        let harness = try await GatewayHarness.withSandbox { $0.keys = keys.store }
        let mine = try keys.add("mine")
        let session = try await harness.signIn("alice@example.com", key: mine)
        for path in ["", "/snapshot", "/presence", "/none"] {
            _ = await harness.call("GET", "/v1/sessions/\(session.id)\(path)", token: mine)
        }
        try keys.revoke("mine")
        _ = await harness.call("GET", "/v1/sessions", token: mine)
        try await harness.stop()
        let answers = harness.answered.all.map { "\($0)" + String(decoding: $0.body, as: UTF8.self) }
        let said = (harness.log.lines.all + keys.log.lines.all + answers).joined()
        #expect(said.contains("session"))
        #expect(!said.contains(mine.dropFirst(4)) && !said.contains(TokenDigest(of: mine).hexadecimal))
    }
}
