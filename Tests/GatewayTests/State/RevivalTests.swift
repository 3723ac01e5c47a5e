import Digests
import HTTPFront
import Locking
import MSNPClient
import Storage
import TestSupport
import Testing

@testable import Gateway

/// A session whose password nobody has kept comes back with a sign-in of the same person.
@Suite(.timeLimit(.minutes(5))) struct RevivalTests {
    private static let alice = #"{"account":"Alice@Example.com","password":"sandbox"}"#

    /// A stage whose first gateway was killed, and the second, which can open no password.
    private func stage() async throws -> (RestartStage, GatewayHarness) {
        let stage = try await RestartStage()
        _ = try await stage.events(stage.first, until: "online")
        stage.kill()
        let second = try await stage.next(sealing: nil)
        #expect(try stage.session(at: second).canBeRevived)
        return (stage, second)
    }

    private func states(_ events: [[String: JSONValue]]) -> [String] {
        events.filter { $0["type"]?.text == "session.state" }.compactMap { $0["data"]?["state"]?.text }
    }

    @Test("The session is the same: its ID, its tokens, its cursors, its status, its feed, its named readers")
    func same() async throws {
        let stage = try await RestartStage()
        let before = try await stage.events(stage.first, until: "online")
        let cursor = try #require(before.last?["id"]?.text)
        let feed = try await stage.first.call("GET", "/v1/events?after=now&wait=0", token: stage.bot).string("next")
        let named = stage.path + "/events?consumer=r&wait=0&limit=500"
        _ = await stage.first.call("GET", named + "&after=\(cursor)", token: stage.token)
        stage.kill()
        let second = try await stage.next(sealing: nil)
        let answer = await second.call("POST", "/v1/sessions", token: stage.bot, json: Self.alice)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.header("Location") == stage.path)
        #expect(try answer.string("session", "id") == stage.id)
        #expect(try answer.string("session", "state") == "online")
        #expect(try answer.string("session", "status") == "busy")
        #expect(answer.value("session", "reason") == nil)
        let token = try answer.string("token")
        #expect(token != stage.token)
        for token in [token, stage.token] {
            #expect(await second.call("GET", stage.path, token: token).status == 200)
        }
        let events = try await stage.events(second, until: "online")
        #expect(Array(events.prefix(before.count)) == before)
        let since = Array(events.dropFirst(before.count))
        #expect(states(since) == ["ended", "reconnecting", "online"])
        // Before the end there may be what its server said last.
        let reasons = since.filter { $0["type"]?.text == "session.state" }.map { $0["data"]?["reason"]?.text }
        #expect(reasons == ["credentialsNotKept", "credentialsNotKept", nil])
        let numbers = events.compactMap { if case .number(let seq)? = $0["seq"] { seq } else { nil } }
        #expect(numbers == numbers.indices.map { Double($0 + 1) }, "1, 2, 3 … without a gap")
        for source in [named, "/v1/events?after=\(feed)&wait=0&limit=500"] {
            let page = await second.call("GET", source, token: stage.bot)
            #expect(states(page.events) == ["ended", "reconnecting", "online"], "\(page.text)")
        }
        #expect(!since.contains { $0["type"]?.text.map { $0.hasPrefix("contact.") } == true }, "lists are no news")
        let message = await second.call(
            "POST", stage.path + "/messages", token: token, json: #"{"to":"carol@example.com","text":"x"}"#)
        #expect(message.code == "contact-offline", "it asks its server again")
        let stored = try await stage.disk.load(StoredSession.self, of: nil)
        #expect(stored.map(\.state) == [.live])
        try await stage.stop(second)
    }

    @Test("A sign-in that the server refuses brings nothing back, and nobody is told of it")
    func refused() async throws {
        let (stage, second) = try await stage()
        let before = try await stage.events(second, until: "ended")
        let stored = try await stage.disk.load(StoredSession.self, of: nil)
        let resource = await second.call("GET", stage.path, token: stage.token).text
        let answer = await second.call(
            "POST", "/v1/sessions", token: stage.bot, json: #"{"account":"alice@example.com","password":"wrong"}"#)
        #expect(answer.status == 403, "\(answer.text)")
        #expect(answer.code == "sign-in-refused")
        #expect(answer.value("token") == nil)
        #expect(try await stage.events(second, until: "ended") == before)
        #expect(await second.call("GET", stage.path, token: stage.token).text == resource)
        #expect(try await stage.disk.load(StoredSession.self, of: nil) == stored)
        let again = await second.call("POST", "/v1/sessions", token: stage.bot, json: Self.alice)
        #expect(try again.string("session", "id") == stage.id, "it still can come back")
        try await stage.stop(second)
    }

    @Test("Two sign-ins at once are of one session, and a wrong one beside them is refused")
    func together() async throws {
        let (stage, second) = try await stage()
        let wrong = Array(#"{"account":"alice@example.com","password":"wrong"}"#.utf8)
        let calls = [Array(Self.alice.utf8), wrong, Array(Self.alice.utf8), wrong].map {
            second.begin("POST", "/v1/sessions", token: stage.bot, body: $0)
        }
        var tokens: Set<String> = []
        for (index, call) in calls.enumerated() {
            let answer = await call.answer()
            guard index.isMultiple(of: 2) else {
                #expect(answer.code == "sign-in-refused", "\(answer.text)")
                continue
            }
            #expect(answer.status == 200, "\(answer.text)")
            #expect(try answer.string("session", "id") == stage.id)
            tokens.insert(try answer.string("token"))
        }
        #expect(tokens.count == 2)
        #expect(second.gateway.registry.sessions(of: nil).count == 1)
        try await stage.stop(second)
    }

    @Test(
        "Who does not want to wait waits all the same: a token of the session is nobody's before the server has said so"
    )
    func atOnce() async throws {
        let (stage, second) = try await stage()
        let asynchronously: HeaderFields = [("Prefer", "respond-async")]
        let wrong = await second.call(
            "POST", "/v1/sessions", token: stage.bot, json: #"{"account":"alice@example.com","password":"wrong"}"#,
            headers: asynchronously)
        #expect(wrong.status == 403, "\(wrong.text)")
        let right = await second.call(
            "POST", "/v1/sessions", token: stage.bot, json: Self.alice, headers: asynchronously)
        #expect(right.status == 200, "\(right.text)")
        #expect(right.header("Preference-Applied") == nil)
        #expect(try right.string("session", "id") == stage.id)
        try await stage.stop(second)
    }

    @Test("An attempt that is given up leaves it as it was, or brings it back: the next sign-in finds it either way")
    func givenUp() async throws {
        let (stage, second) = try await stage()
        let first = second.begin("POST", "/v1/sessions", token: stage.bot, body: Array(Self.alice.utf8))
        first.release()
        let answer = await first.answer()
        #expect(answer.status == 504 || answer.status == 200, "\(answer.text)")
        second.begin("POST", "/v1/sessions", token: stage.bot, body: Array(Self.alice.utf8)).leave()
        let last = await second.call("POST", "/v1/sessions", token: stage.bot, json: Self.alice)
        #expect(last.status == 200, "\(last.text)")
        #expect(try last.string("session", "id") == stage.id)
        try await stage.stop(second)
    }

    @Test("Sign-ins that come while others are given up are of the same session, whoever is faster")
    func storm() async throws {
        let (stage, second) = try await stage()
        for _ in 0..<10 {
            await withTaskGroup { group in
                for number in 0..<6 {
                    group.addTask {
                        let call = second.begin(
                            "POST", "/v1/sessions", token: stage.bot, body: Array(Self.alice.utf8))
                        if number.isMultiple(of: 2) { call.release() } else { await Task.yield() }
                        call.release()
                        let answer = await call.answer()
                        #expect([200, 429, 504].contains(answer.status), "\(answer.text)")
                    }
                }
            }
            // Failed sign-ins slow down others of the account for a while.
            second.clock.advance(.seconds(3_600))
        }
        let last = await second.call("POST", "/v1/sessions", token: stage.bot, json: Self.alice)
        #expect(last.status == 200, "\(last.text)")
        #expect(try last.string("session", "id") == stage.id)
        #expect(second.gateway.registry.sessions(of: nil).count == 1)
        try await stage.stop(second)
    }

    @Test("A stop while it comes back ends nothing: the next process has it, and the next sign-in finds it")
    func stopped() async throws {
        let (stage, second) = try await stage()
        let call = second.begin("POST", "/v1/sessions", token: stage.bot, body: Array(Self.alice.utf8))
        await second.gateway.shutdown()
        call.close()
        let answer = await call.answer()
        #expect([200, 503].contains(answer.status), "\(answer.text)")
        let third = try await stage.next(sealing: nil)
        #expect(try stage.session(at: third).canBeRevived)
        let last = await third.call("POST", "/v1/sessions", token: stage.bot, json: Self.alice)
        #expect(last.status == 200, "\(last.text)")
        #expect(try last.string("session", "id") == stage.id)
        let numbers = try await stage.events(third, until: "online").compactMap { event in
            if case .number(let seq)? = event["seq"] { seq } else { nil }
        }
        #expect(numbers == numbers.indices.map { Double($0 + 1) })
        try await stage.stop(second, third)
    }

    @Test("Another owner's sign-in is another session, and so is one after a DELETE")
    func others() async throws {
        let (stage, second) = try await stage()
        let stranger = await second.call(
            "POST", "/v1/sessions", token: try stage.keys.add("other"), json: Self.alice)
        #expect(stranger.status == 201, "\(stranger.text)")
        #expect(try stranger.string("session", "id") != stage.id)
        #expect(await second.call("DELETE", stage.path, token: stage.token).status == 204)
        let own = await second.call("POST", "/v1/sessions", token: stage.bot, json: Self.alice)
        #expect(own.status == 201, "\(own.text)")
        #expect(try own.string("session", "id") != stage.id)
        try await stage.stop(second)
    }

    @Test("A session that was deleted stays deleted, and is gone after its minute, whatever starts in between")
    func deleted() async throws {
        let (stage, second) = try await stage()
        #expect(await second.call("DELETE", stage.path, token: stage.token).status == 204)
        let stored = try #require(try await stage.disk.load(StoredSession.self, of: nil).first)
        #expect(stored.deletedAt != nil, "the record says so with the answer")
        let third = try await stage.next(sealing: nil)
        let session = try stage.session(at: third)
        #expect(session.hasEnded && !session.canBeRevived)
        let resource = await third.call("GET", stage.path, token: stage.token)
        #expect(try resource.string("state") == "ended")
        let own = await third.call("POST", "/v1/sessions", token: stage.bot, json: Self.alice)
        #expect(own.status == 201, "\(own.text)")
        let fourth = try await stage.next(sealing: nil)
        #expect(try stage.session(at: fourth).state.withLock { $0.record.endedAt?.milliseconds } == stored.endedAt)
        for harness in [third, fourth] {
            harness.clock.advance(.seconds(59))
            #expect(harness.gateway.registry.session(stage.id) != nil)
            harness.clock.advance(.seconds(1))
            #expect(harness.gateway.registry.session(stage.id) == nil)
        }
        try await stage.stop(second, third, fourth)
    }

    @Test("The same of one that was online, and of one that had ended by itself")
    func deletedOthers() async throws {
        let stage = try await RestartStage()
        _ = try await stage.events(stage.first, until: "online")
        let bob = try await stage.first.signIn("bob@example.com", key: stage.bot)
        try #require(stage.first.gateway.registry.session(bob.id)).end(.expired)
        for (id, token) in [(stage.id, stage.token), (bob.id, bob.token)] {
            #expect(await stage.first.call("DELETE", "/v1/sessions/\(id)", token: token).status == 204)
        }
        let second = try await stage.next(sealing: stage.sealing)
        for (id, reason) in [(stage.id, SessionReason.signedOut), (bob.id, .expired)] {
            let session = try #require(second.gateway.registry.session(id))
            #expect(session.state.withLock { $0.record.reason } == reason)
        }
        second.clock.advance(.seconds(60))
        #expect(second.gateway.registry.sessions(of: nil).isEmpty)
        try await stage.stop(second)
    }

    @Test("Whoever looks finds the sign-in that brings it back from the first moment, and a DELETE in between ends it")
    func between() async throws {
        let (stage, second) = try await stage()
        let (registry, session) = (second.gateway.registry, try stage.session(at: second))
        func claim() -> SessionRegistry.Claim {
            registry.claim(
                SessionRegistry.LiveKey(session), network: session.openedFrom.network,
                revival: Revival(password: Secret("sandbox"), status: nil)
            ) {
                Issue.record("a second session")
                return session
            }
        }
        guard case .dormant = claim() else { throw TestError("not dormant") }
        guard case .known = claim() else { throw TestError("not known") }
        await registry.delete(session)
        let results = Recorder<SignInResult>()
        session.revive { results.record($0) }
        guard case .ended = try await results.first(where: { _ in true }) else { throw TestError("it came back") }
        #expect(!session.canBeRevived && !session.isReviving)
        let own = await second.call("POST", "/v1/sessions", token: stage.bot, json: Self.alice)
        #expect(own.status == 201, "\(own.text)")
        try await stage.stop(second)
    }

    @Test("It comes back at the next process too, and once more")
    func again() async throws {
        let (stage, second) = try await stage()
        _ = await second.call("POST", "/v1/sessions", token: stage.bot, json: Self.alice)
        _ = try await stage.events(second, until: "online")
        await second.gateway.shutdown()
        let third = try await stage.next(sealing: stage.sealing)
        let answer = await third.call("POST", "/v1/sessions", token: stage.bot, json: Self.alice)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try answer.string("session", "id") == stage.id)
        let sealed = try await stage.disk.load(StoredSession.self, of: nil).first?.sealed
        #expect(sealed?.key == stage.sealing.first, "now there is a key")
        try await stage.stop(second, third)
    }

    @Test("That a device keeps a token is known to the next process")
    func kept() async throws {
        let stage = try await RestartStage()
        let answer = await stage.first.call(
            "POST", "/v1/sessions", token: stage.bot,
            json: #"{"account":"bob@example.com","password":"sandbox","keep":true}"#)
        let id = try answer.string("session", "id")
        stage.kill()
        let second = try await stage.next(sealing: stage.sealing)
        #expect(try #require(second.gateway.registry.session(id)).isKept)
        #expect(try !stage.session(at: second).isKept)
        try await stage.stop(second)
    }

    @Test("A token that was used since the last sign-in is not taken for one that nobody uses after a kill")
    func tokens() async throws {
        let stage = try await RestartStage()
        var tokens = [stage.token]
        for _ in 1..<16 {
            let answer = await stage.first.call("POST", "/v1/sessions", token: stage.bot, json: Self.alice)
            tokens.append(try answer.string("token"))
        }
        #expect(await stage.first.call("GET", stage.path, token: stage.token).status == 200)
        try await stage.store.flush()
        stage.kill()
        let second = try await stage.next(sealing: stage.sealing)
        let answer = await second.call("POST", "/v1/sessions", token: stage.bot, json: Self.alice)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(await second.call("GET", stage.path, token: stage.token).status == 200)
        #expect(await second.call("GET", stage.path, token: tokens[1]).status == 401)
        try await stage.stop(second)
    }
}
