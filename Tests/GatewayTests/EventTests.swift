import HTTPFront
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(5))) struct EventTests {
    @Test("A parked poll returns what the other side did; nothing is told twice or under two ids")
    func twoPeople() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        let start = await harness.call("GET", "/v1/sessions/\(alice.id)/events?wait=0", token: alice.token)
        #expect(start.events.isEmpty)
        #expect(start.value("more") == .bool(false))
        let poll = harness.begin(
            "GET", "/v1/sessions/\(alice.id)/events?after=\(try start.string("next"))&types=presence.changed",
            token: alice.token)
        #expect(poll.isParked)
        let bob = try await harness.signIn("bob@example.com")
        let came = await poll.answer()
        #expect(came.types == ["presence.changed"])
        let event = try #require(came.events.first)
        #expect(event["data"]?["account"]?.text == "bob@example.com")
        #expect(event["data"]?["displayName"]?.text == "Bob")
        #expect(event["data"]?["status"]?.text == "online")
        #expect(event["data"]?["previous"]?.text == "offline")
        #expect(event["sessionId"]?.text == alice.id)
        #expect(event["id"]?.text == (try came.string("next")), "the id is the cursor after the event")
        let next = harness.begin(
            "GET", "/v1/sessions/\(alice.id)/events?after=\(try came.string("next"))&types=presence.*",
            token: alice.token)
        _ = await harness.call("PUT", "/v1/sessions/\(bob.id)/presence", token: bob.token, json: #"{"status":"busy"}"#)
        let changed = await next.answer()
        #expect(changed.types == ["presence.changed"])
        #expect(changed.events.first?["data"]?["status"]?.text == "busy")
        #expect(changed.events.first?["data"]?["previous"]?.text == "online")
        let all = await harness.call(
            "GET", "/v1/sessions/\(alice.id)/events?after=oldest&wait=0&limit=500", token: alice.token)
        let ids = all.events.compactMap { $0["id"]?.text }
        #expect(Set(ids).count == ids.count)
        let numbers = all.events.compactMap { if case .number(let seq)? = $0["seq"] { seq } else { nil } }
        #expect(numbers == numbers.indices.map { Double($0 + 1) }, "1, 2, 3 … without a gap")
        try await harness.stop()
    }

    @Test("The event of a change is there before the call that made it is answered")
    func ownChange() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)"
        let before = try await harness.call("GET", path, token: alice.token).string("cursor")
        _ = await harness.call("PUT", path + "/presence", token: alice.token, json: #"{"status":"outToLunch"}"#)
        _ = await harness.call("PATCH", path, token: alice.token, json: #"{"displayName":"Zoë ☕ 100% +　"}"#)
        let page = await harness.call(
            "GET", path + "/events?after=\(before)&wait=0&types=presence.own,session.updated", token: alice.token)
        #expect(page.types == ["presence.own", "session.updated"])
        #expect(page.events.first?["data"] == .object(["status": .string("outToLunch"), "forced": .bool(false)]))
        #expect(page.events.last?["data"] == .object(["displayName": .string("Zoë ☕ 100% +\u{3000}")]))
        // Set again, it is no change.
        _ = await harness.call("PUT", path + "/presence", token: alice.token, json: #"{"status":"outToLunch"}"#)
        let again = await harness.call(
            "GET", path + "/events?after=\(try page.string("next"))&wait=0", token: alice.token)
        #expect(again.events.isEmpty)
        try await harness.stop()
    }

    @Test("Five readers get the same events")
    func fiveReaders() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)/events"
        let cursor = try await harness.call("GET", path + "?wait=0", token: alice.token).string("next")
        let statuses = ["BSY", "AWY", "PHN", "LUN", "NLN"]
        let readers = (1...5).map { limit in
            Task {
                var after = cursor
                var seen: [String] = []
                while seen.count < 50 {
                    let page = await harness.call("GET", path + "?after=\(after)&limit=\(limit)", token: alice.token)
                    seen += page.events.compactMap { $0["id"]?.text }
                    after = try page.string("next")
                }
                return seen
            }
        }
        for round in 0..<50 { server.say("NLN \(statuses[round % statuses.count]) bob@example.com Bob") }
        var first: [String]?
        for reader in readers {
            let seen = try await reader.value
            #expect(seen.count == 50)
            #expect(Set(seen).count == 50)
            #expect(first == nil || first == seen)
            first = seen
        }
        try await harness.stop()
        try await server.stop()
    }

    @Test("A reader that comes back after more than is kept is told how many it missed")
    func expired() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server) { _ in
        } _: {
            $0.limits.journal.events = 10
        }
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)/events"
        let start = try await harness.call("GET", path + "?wait=0", token: alice.token).string("next")
        let head = try #require(Cursor(parsing: start)).sequence
        for round in 1...25 { server.say(round % 2 == 0 ? "FLN bob@example.com" : "NLN NLN bob@example.com Bob") }
        var session = await harness.call("GET", path + "?after=\(start)&wait=0", token: alice.token)
        while try await harness.call("GET", "/v1/sessions/\(alice.id)", token: alice.token).string("cursor")
            .hasSuffix(".\(head + 25)") == false
        {
            await Task.yield()
        }
        session = await harness.call("GET", path + "?after=\(start)&wait=0", token: alice.token)
        #expect(session.status == 410)
        #expect(session.code == "cursor-expired")
        #expect(session.value("missed") == .number(15))
        #expect(try session.string("snapshot") == "/v1/sessions/\(alice.id)/snapshot")
        let oldest = try session.string("oldest")
        let rest = await harness.call("GET", path + "?after=\(oldest)&wait=0", token: alice.token)
        #expect(rest.events.count == 10)
        let named = await harness.call("GET", path + "?after=oldest&wait=0", token: alice.token)
        let snapshot = await harness.call("GET", try session.string("snapshot"), token: alice.token)
        #expect(snapshot.status == 200)
        #expect(try snapshot.string("cursor") == snapshot.string("session", "cursor"))
        #expect(try snapshot.string("contacts", "0", "account") == "bob@example.com")
        #expect(
            snapshot.value("privacy") == .object(["unknownContacts": .string("allow"), "promptOnAdd": .bool(true)]))
        let rejoined = await harness.call(
            "GET", path + "?wait=0&after=\(try snapshot.string("cursor"))", token: alice.token)
        #expect(rejoined.status == 200)
        #expect(rejoined.events.isEmpty)
        #expect(named.text == rest.text)
        try await harness.stop()
        try await server.stop()
    }

    @Test("A reader that filters never falls behind by filtering")
    func filtering() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server) { _ in
        } _: {
            $0.limits.journal.events = 5
        }
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)/events"
        let poll = harness.begin("GET", path + "?types=server.notice", token: alice.token)
        for round in 1...40 { server.say(round % 2 == 0 ? "FLN bob@example.com" : "NLN NLN bob@example.com Bob") }
        let notice =
            "MIME-Version: 1.0\r\nContent-Type: application/x-msmsgssystemmessage\r\n\r\nType: 1\r\nArg1: 5\r\n\r\n"
        server.send(Array("MSG Hotmail Hotmail \(notice.utf8.count)\r\n\(notice)".utf8))
        let came = await poll.answer()
        #expect(came.status == 200)
        #expect(came.types == ["server.notice"])
        #expect(came.events.first?["data"] == .object(["kind": .string("maintenance"), "minutes": .number(5)]))
        // One that waits in vain has examined it all the same.
        let vain = harness.begin("GET", path + "?types=session.state", token: alice.token)
        server.say("NLN BSY bob@example.com Bob", "NLN AWY bob@example.com Bob", "NLN PHN bob@example.com Bob")
        let seen = harness.begin("GET", path + "?after=\(try came.string("next"))", token: alice.token)
        _ = await seen.answer()
        vain.release()
        let nothing = await vain.answer()
        #expect(nothing.status == 200)
        #expect(nothing.events.isEmpty)
        #expect(try nothing.string("next") != came.string("next"))
        try await harness.stop()
        try await server.stop()
    }

    @Test("Cursors that are none, of another session, and from the future")
    func cursors() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        let bob = try await harness.signIn("bob@example.com")
        let path = "/v1/sessions/\(alice.id)/events"
        for bad in ["17", "", "abcdefgh.", "abcdefgh.-1", "abcdefgh.01", "abcdefgh.1.2", "%00", "oldest%20"] {
            let answer = await harness.call("GET", path + "?wait=0&after=\(bad)", token: alice.token)
            #expect(answer.status == 400, "\(bad)")
            #expect(answer.code == "invalid-cursor")
        }
        let foreign = try await harness.call("GET", "/v1/sessions/\(bob.id)", token: bob.token).string("cursor")
        let other = await harness.call("GET", path + "?wait=0&after=\(foreign)", token: alice.token)
        #expect(other.status == 410)
        #expect(other.value("missed") == nil, "unknowable")
        let own = try #require(
            Cursor(parsing: try await harness.call("GET", path + "?wait=0", token: alice.token).string("next")))
        let future = Cursor(epoch: own.epoch, sequence: own.sequence + 1)
        #expect(await harness.call("GET", path + "?wait=0&after=\(future.text)", token: alice.token).status == 410)
        try await harness.stop()
    }

    @Test(
        "Query parameters that are not valid",
        arguments: [
            "wait=51", "wait=-1", "wait=x", "wait=", "limit=0", "limit=501", "types=presence", "types=", "types=*",
            "types=presence.changed,,x", "waits=1", "wait=1&wait=1", "after=now&%61fter=now", "consumer", "wait=%zz",
        ])
    func invalidQueries(query: String) async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        let answer = await harness.call("GET", "/v1/sessions/\(alice.id)/events?\(query)", token: alice.token)
        #expect(answer.status == 400)
        #expect(answer.code == "invalid-request")
        try await harness.stop()
    }

    @Test("limit and more; Prefer: wait is lowered and said so; HEAD never waits")
    func pages() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)/events"
        let page = await harness.call("GET", path + "?after=oldest&limit=2", token: alice.token)
        #expect(page.events.count == 2)
        #expect(page.value("more") == .bool(true))
        let one = await harness.call("GET", path + "?after=oldest&limit=500", token: alice.token)
        #expect(one.value("more") == .bool(false))
        let waiting = harness.begin("GET", path, token: alice.token, headers: [("Prefer", "wait=600")])
        #expect(waiting.isParked)
        waiting.release()
        #expect(await waiting.answer().header("Preference-Applied") == "wait=50")
        let head = harness.begin("HEAD", path, token: alice.token, headers: [("Prefer", "wait=5")])
        #expect(!head.isParked)
        #expect(await head.answer().header("Preference-Applied") == nil, "it never waits")
        let both = harness.begin("GET", path + "?wait=0", token: alice.token, headers: [("Prefer", "wait=5")])
        #expect(!both.isParked, "a query parameter wins")
        #expect(await both.answer().header("Preference-Applied") == nil)
        let list = await harness.call("GET", "/v1/sessions", token: alice.token, headers: [("Prefer", "wait=5")])
        #expect(list.header("Preference-Applied") == nil)
        let atOnce = harness.begin("GET", path, token: alice.token, headers: [("Prefer", "wait=0")])
        #expect(!atOnce.isParked)
        try await harness.stop()
    }

    @Test("An ended session: parked polls return, readers at the end are told at once, calls are 409")
    func ended() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)"
        let poll = harness.begin("GET", path + "/events", token: alice.token)
        let filtered = harness.begin("GET", path + "/events?types=presence.changed", token: alice.token)
        server.say("OUT OTH")
        let last = await poll.answer()
        #expect(last.types == ["session.state"])
        #expect(
            last.events.first?["data"]
                == .object(["state": .string("ended"), "reason": .string("signedInElsewhere")]))
        #expect(last.value("ended") == .bool(true))
        let other = await filtered.answer()
        #expect(other.events.isEmpty)
        #expect(other.value("ended") == .bool(true))
        let after = harness.begin(
            "GET", path + "/events?after=\(try last.string("next"))", token: alice.token)
        #expect(!after.isParked)
        #expect(await after.answer().value("ended") == .bool(true))
        let session = await harness.call("GET", path, token: alice.token)
        #expect(try session.string("state") == "ended")
        #expect(try session.string("reason") == "signedInElsewhere")
        #expect(await harness.call("GET", path + "/snapshot", token: alice.token).status == 200)
        for (method, path, json) in [
            ("PUT", path + "/presence", #"{"status":"busy"}"#), ("PATCH", path, #"{"displayName":"x"}"#),
            ("GET", path + "/services/profile", nil), ("POST", path + "/services/profile/form", nil),
            ("GET", path + "/presence", nil), ("GET", path + "/contacts", nil), ("GET", path + "/services", nil),
            ("GET", path + "/contacts/bob@example.com", nil), ("GET", path + "/profile", nil),
        ] {
            let answer = await harness.call(method, path, token: alice.token, json: json)
            #expect(answer.status == 409)
            #expect(answer.code == "session-ended")
            #expect(try answer.string("reason") == "signedInElsewhere")
        }
        #expect(await harness.call("DELETE", path, token: alice.token).status == 204)
        _ = try await harness.signIn("alice@example.com")
        try await harness.stop()
        try await server.stop()
    }

    @Test("Sixty-four polls may wait for one session")
    func crowded() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)/events"
        let polls = (1...64).map { _ in harness.begin("GET", path, token: alice.token) }
        try #require(polls.allSatisfy { $0.isParked })
        let refused = await harness.call("GET", path, token: alice.token)
        #expect(refused.status == 429)
        polls[0].leave()
        #expect(harness.begin("GET", path, token: alice.token).isParked)
        try await harness.stop()
    }
}
