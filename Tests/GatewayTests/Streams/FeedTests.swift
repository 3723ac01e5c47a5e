import HTTPFront
import Locking
import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// The events of all sessions of a key.
@Suite(.timeLimit(.minutes(5))) struct FeedTests {
    private struct Stage {
        let server: ScriptedServer
        let harness: GatewayHarness
        let keys: TestKeys
        let key: String

        init(_ change: @escaping (inout GatewayConfiguration) -> Void = { _ in }) async throws {
            let keys = try TestKeys()
            server = try await ScriptedServer.start(.friendly)
            harness = try GatewayHarness.with(server) { _ in
            } _: {
                $0.keys = keys.store
                change(&$0)
            }
            self.keys = keys
            key = try keys.add("bot")
        }

        func poll(_ query: String = "", _ method: String = "GET") async -> TestAnswer {
            await harness.call(method, "/v1/events?wait=0&" + query, token: key)
        }

        func cursor() async throws -> String { try await poll().string("next") }

        func signIn(_ account: String) async throws -> Session {
            let id = try await harness.signIn(account, key: key).id
            return try #require(harness.gateway.registry.session(id))
        }

        /// Appends so many events to a session, as its server would.
        func flap(_ session: Session, _ count: Int) {
            for _ in 0..<count {
                let isThere = session.contact("bob@example.com")?.status == "online"
                session.hear(
                    isThere
                        ? .presence(.offline, handle: "bob@example.com", name: nil)
                        : .presence(.online, handle: "bob@example.com", name: "Bob"))
            }
        }

        func stop() async throws {
            try await harness.stop()
            try await server.stop()
        }
    }

    private func ids(_ answer: TestAnswer) -> [String] { answer.events.compactMap { $0["id"]?.text } }

    @Test("One poll has the events of all sessions, also of those that are opened while it waits")
    func allSessions() async throws {
        let stage = try await Stage()
        let start = try await stage.cursor()
        #expect(start.hasPrefix("f."))
        let waiting = stage.harness.begin("GET", "/v1/events?after=\(start)", token: stage.key)
        #expect(waiting.isParked)
        let alice = try await stage.signIn("alice@example.com")
        let first = await waiting.answer()
        #expect(first.events.allSatisfy { $0["sessionId"]?.text == alice.id })
        #expect(first.types.first == "session.state")
        let bob = try await stage.signIn("bob@example.com")
        let before = try await stage.cursor()
        for _ in 1...5 {
            stage.flap(alice, 1)
            stage.flap(bob, 2)
        }
        let all = await stage.poll("after=\(before)")
        #expect(all.events.map { $0["sessionId"]?.text == alice.id } == (1...15).map { $0 % 3 == 1 })
        let single = await stage.harness.call(
            "GET", "/v1/sessions/\(bob.id)/events?after=oldest&wait=0&limit=500", token: stage.key)
        #expect(ids(all).filter { ids(single).contains($0) } == ids(single).suffix(10))
        // In pieces, and with a filter, whose position moves on.
        var (after, pieces) = (before, [String]())
        repeat {
            let page = await stage.poll("after=\(after)&limit=4")
            pieces += ids(page)
            after = try page.string("next")
            if page.value("more") == .bool(false) { break }
        } while pieces.count < 100
        #expect(pieces == ids(all))
        let filtered = await stage.poll("after=\(before)&types=session.*")
        #expect(filtered.events.isEmpty)
        #expect(try filtered.string("next") == after)
        let oldest = await stage.poll("after=oldest&limit=500")
        #expect(ids(oldest).suffix(15) == ids(all)[...])
        try await stage.stop()
    }

    @Test("Cursors of feeds and of sessions are not taken for each other, and the feed is a key's alone")
    func kinds() async throws {
        let stage = try await Stage()
        let alice = try await stage.harness.signIn("alice@example.com", key: stage.key)
        let session = "/v1/sessions/\(alice.id)"
        let cursor = try await stage.harness.call("GET", session, token: stage.key).string("cursor")
        let feed = try await stage.cursor()
        #expect(feed.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._~-".contains($0)) })
        #expect(await stage.poll("after=\(cursor)").code == "invalid-cursor")
        #expect(
            await stage.harness.call("GET", session + "/events?wait=0&after=\(feed)", token: stage.key).code
                == "invalid-cursor")
        let beyond = await stage.poll("after=f.AAAAAAAA.1")
        #expect(beyond.code == "cursor-expired")
        #expect(beyond.value("missed") == nil)
        #expect(try beyond.string("oldest").hasPrefix("f."))
        for path in ["/v1/events", "/v1/stream"] {
            for credentials in [nil, alice.token, "mgk_guess"] {
                let answer = await stage.harness.call("GET", path, token: credentials)
                #expect(answer.status == 401)
                #expect(answer.header("WWW-Authenticate") == "Bearer")
            }
        }
        // Somebody else's feed, also an administrator's, has none of it.
        for (name, scopes) in [("other", Set<APIKeyScope>()), ("admin", [.admin])] {
            let other = try stage.keys.add(name, scopes)
            let page = await stage.harness.call("GET", "/v1/events?after=oldest&wait=0", token: other)
            #expect(page.status == 200)
            #expect(page.events.isEmpty)
            let foreign = await stage.harness.call("GET", "/v1/events?after=\(feed)&wait=0", token: other)
            #expect(foreign.status == 410)
        }
        try await stage.stop()
    }

    @Test("Events that a session's journal has dropped are a gap, told in its place")
    func dropped() async throws {
        let stage = try await Stage { $0.limits.journal.events = 10 }
        let alice = try await stage.signIn("alice@example.com")
        let bob = try await stage.signIn("bob@example.com")
        let start = try await stage.cursor()
        stage.flap(bob, 2)
        stage.flap(alice, 25)
        stage.flap(bob, 1)
        // What is before the gap comes first.
        let before = await stage.poll("after=\(start)")
        #expect(before.events.map { $0["sessionId"]?.text } == [bob.id, bob.id])
        #expect(before.value("more") == .bool(true))
        let gap = await stage.poll("after=\(try before.string("next"))")
        #expect(gap.code == "cursor-expired")
        #expect(gap.value("missed") == .number(15))
        let after = await stage.poll("after=\(try gap.string("oldest"))")
        #expect(after.events.map { $0["sessionId"]?.text } == Array(repeating: alice.id, count: 10) + [bob.id])
        // A stream says the same in the same order.
        let stream = try await stage.harness.begin("GET", "/v1/stream?after=\(start)", token: stage.key).stream()
        _ = try await stream.event { $0.id == (try? after.string("next")) }
        #expect(
            stream.events.map(\.type) == ["presence.changed", "presence.changed", "gap"]
                + Array(repeating: "presence.changed", count: 11))
        let told = try #require(stream.events.first { $0.type == "gap" })
        #expect(told.json?["missed"] == .number(15))
        #expect(told.id == (try gap.string("oldest")))
        // A filter that leaves out what is before the gap does not hide it.
        let filtered = stage.harness.begin("GET", "/v1/events?after=\(start)&types=session.*&wait=50", token: stage.key)
        #expect(await filtered.answer().value("more") == .bool(true))
        try await stage.stop()
    }

    @Test("References are limited, and what they lose is a gap")
    func references() async throws {
        let stage = try await Stage { $0.limits.feedReferences = 10 }
        let alice = try await stage.signIn("alice@example.com")
        let start = try await stage.cursor()
        stage.flap(alice, 25)
        let gap = await stage.poll("after=\(start)")
        #expect(gap.value("missed") == .number(15))
        #expect(await stage.poll("after=\(try gap.string("oldest"))").events.count == 10)
        #expect(await stage.poll("after=oldest").events.count == 10)
        try await stage.stop()
    }

    @Test("A stream of the feed resumes, is told its gap when it is slow, and ends with its key")
    func streams() async throws {
        let stage = try await Stage { $0.limits.journal.events = 20 }
        let alice = try await stage.signIn("alice@example.com")
        let start = try await stage.cursor()
        let fast = try await stage.harness.begin("GET", "/v1/stream", token: stage.key).stream()
        let slow = try await stage.harness.begin("GET", "/v1/stream", token: stage.key).stream()
        slow.pause()
        stage.flap(alice, 5)
        let base = try #require(Cursor(parsing: start, of: .feed))
        @Sendable func id(_ offset: UInt64) -> String {
            Cursor(.feed, epoch: base.epoch, sequence: base.sequence + offset).text
        }
        _ = try await fast.event { $0.id == id(5) }
        stage.flap(alice, 25)
        _ = try await fast.event { $0.id == id(30) }
        slow.resume()
        let gap = try await slow.event { _ in true }
        #expect(gap.json?["missed"] == .number(10))
        #expect(slow.events.dropFirst().map(\.id) == (11...30).map { id($0) })
        let resumed = try await stage.harness.begin(
            "GET", "/v1/stream?after=oldest", token: stage.key, headers: [("Last-Event-ID", id(28))]
        ).stream()
        _ = try await resumed.event { $0.id == id(30) }
        #expect(resumed.events.map(\.id) == [id(29), id(30)])
        let waiting = stage.harness.begin("GET", "/v1/events", token: stage.key)
        #expect(waiting.isParked)
        try stage.keys.revoke("bot")
        for stream in [fast, slow, resumed] { try await stream.finished.first { _ in true } }
        #expect([200, 401].contains(await waiting.answer().status))
        #expect(await stage.poll().status == 401)
        try await stage.stop()
    }

    @Test("Consumers of the feed stand where they committed")
    func consumers() async throws {
        let stage = try await Stage()
        let alice = try await stage.signIn("alice@example.com")
        let before = await stage.poll("after=oldest").events.count
        #expect(before > 0)
        #expect(await stage.poll("consumer=new").events.count == before, "a new name starts at the oldest event")
        _ = await stage.poll("consumer=bot&after=now")
        stage.flap(alice, 4)
        let page = await stage.poll("consumer=bot&limit=2")
        #expect(page.events.count == 2)
        #expect(await stage.poll("consumer=bot").events.count == 4)
        #expect(await stage.poll("consumer=bot&after=\(try page.string("next"))", "HEAD").status == 200)
        #expect(await stage.poll("consumer=bot").events.count == 4)
        #expect(await stage.poll("consumer=bot&after=\(try page.string("next"))").events.count == 2)
        #expect(await stage.poll("consumer=bot").events.count == 2)
        #expect(await stage.poll("consumer=bot&after=oldest").status == 200)
        #expect(await stage.poll("consumer=bot").events.count == 2)
        try await stage.stop()
    }

    @Test("Attempts that fail are not in the feed")
    func failures() async throws {
        let stage = try await Stage()
        let start = try await stage.cursor()
        stage.server.change { $0.answer("USR", "911 #") }
        let refused = await stage.harness.call(
            "POST", "/v1/sessions", token: stage.key, json: #"{"account":"eve@example.com","password":"wrong"}"#)
        #expect(refused.code == "sign-in-refused")
        let page = await stage.poll("after=\(start)")
        #expect(page.events.isEmpty)
        #expect(try page.string("next") == start)
        try await stage.stop()
    }

    @Test("Appending, reading and waiting from many threads loses nothing")
    func race() async throws {
        let stage = try await Stage()
        let alice = try await stage.signIn("alice@example.com")
        let bob = try await stage.signIn("bob@example.com")
        let start = try await stage.cursor()
        let (harness, key) = (stage.harness, stage.key)
        let total = 400
        let readers = (1...4).map { limit in
            Task {
                var (after, seen) = (start, [String]())
                while seen.count < total {
                    let page = await harness.call("GET", "/v1/events?after=\(after)&limit=\(limit * 7)", token: key)
                    seen += page.events.compactMap { $0["id"]?.text }
                    after = try page.string("next")
                }
                return seen
            }
        }
        // A session's facts come in order, from one thread, and its end from any.
        await withTaskGroup(of: Void.self) { group in
            for session in [alice, bob] { group.addTask { for _ in 1...total / 2 { stage.flap(session, 1) } } }
        }
        var first: [String]?
        for reader in readers {
            let seen = try await reader.value
            #expect(Set(seen).count == total)
            #expect(first == nil || first == seen)
            first = seen
        }
        try await stage.stop()
    }

    @Test("Polls of the feed are limited, and none is left behind")
    func limits() async throws {
        let stage = try await Stage { $0.limits.readersPerFeed = 2 }
        let alice = try await stage.signIn("alice@example.com")
        let polls = (1...2).map { _ in stage.harness.begin("GET", "/v1/events", token: stage.key) }
        #expect(polls.allSatisfy { $0.isParked })
        #expect(await stage.harness.call("GET", "/v1/events", token: stage.key).code == "rate-limited")
        polls[0].leave()
        let third = stage.harness.begin("GET", "/v1/events?types=session.*", token: stage.key)
        #expect(third.isParked)
        stage.flap(alice, 1)
        #expect(await polls[1].answer().events.count == 1)
        third.release()
        let nothing = await third.answer()
        #expect(nothing.status == 200)
        #expect(nothing.events.isEmpty)
        let feed = stage.harness.gateway.registry.feed(of: alice.owner)
        #expect(feed.readers.polls == 0)
        let first = try await stage.harness.begin("GET", "/v1/stream", token: stage.key).stream()
        _ = try await stage.harness.begin("GET", "/v1/stream", token: stage.key).stream()
        #expect(await stage.harness.call("GET", "/v1/stream", token: stage.key).code == "rate-limited")
        first.leave()
        #expect(feed.readers.state.withLock { $0.streams.count } == 1)
        try await stage.stop()
    }
}
