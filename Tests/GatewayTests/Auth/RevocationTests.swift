import HTTPFront
import TestSupport
import Testing

@testable import Gateway

/// What a revoked key leaves behind: nothing that is online.
@Suite(.timeLimit(.minutes(5))) struct RevocationTests {
    @Test("Its sessions sign out, its polls are answered, and its requests are refused; tokens still read what was")
    func revocation() async throws {
        let keys = try TestKeys()
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server) { _ in
        } _: {
            $0.keys = keys.store
        }
        let (mine, theirs) = (try keys.add("mine"), try keys.add("theirs"))
        let alice = try await harness.signIn("alice@example.com", key: mine)
        let other = try await harness.signIn("bob@example.com", key: theirs)
        let path = "/v1/sessions/\(alice.id)"
        let polls = [mine, alice.token].map { credentials in
            harness.begin("GET", path + "/events?after=now", token: credentials)
        }
        #expect(polls.allSatisfy { $0.isParked })
        try keys.revoke("mine")
        for poll in polls {
            let page = await poll.answer()
            #expect(page.types == ["session.state"])
            #expect(page.events.first?["data"]?["reason"]?.text == "signedOut")
            #expect(page.value("ended") == .bool(true))
        }
        try await server.received.first { $0.text.hasPrefix("OUT") }
        #expect(await harness.call("GET", path, token: mine).status == 401)
        #expect(await harness.call("GET", "/v1/sessions", token: mine).status == 401)
        let opening = await harness.call(
            "POST", "/v1/sessions", token: mine, json: #"{"account":"alice@example.com","password":"sandbox"}"#)
        #expect(opening.status == 401)
        let read = await harness.call("GET", path, token: alice.token)
        #expect(try read.string("state") == "ended")
        #expect(try read.string("reason") == "signedOut")
        #expect(await harness.call("GET", path + "/events", token: alice.token).status == 200)
        let late = await harness.call("PUT", path + "/presence", token: alice.token, json: #"{"status":"busy"}"#)
        #expect(late.code == "session-ended")
        #expect(try await harness.call("GET", "/v1/sessions/\(other.id)", token: theirs).string("state") == "online")
        try await harness.stop()
        try await server.stop()
    }

    @Test("It needs no call to take effect")
    func byItself() async throws {
        let keys = try TestKeys(interval: .milliseconds(5))
        let harness = try await GatewayHarness.withSandbox { $0.keys = keys.store }
        let mine = try keys.add("mine")
        let alice = try await harness.signIn("alice@example.com", key: mine)
        let poll = harness.begin("GET", "/v1/sessions/\(alice.id)/events?after=now", token: alice.token)
        // The clock stands still, so that only the timer looks.
        try keys.revoke("mine", look: false)
        let page = await poll.answer()
        #expect(page.events.last?["data"]?["reason"]?.text == "signedOut")
        try await harness.stop()
    }

    @Test("A sign-in that was let in just before ends like all others")
    func underWay() async throws {
        let keys = try TestKeys(interval: .milliseconds(5))
        let harness = try await GatewayHarness.withSandbox { $0.keys = keys.store }
        let mine = try keys.add("mine")
        let body = Array(#"{"account":"alice@example.com","password":"sandbox"}"#.utf8)
        let head = RequestHead(
            method: "POST", path: "/v1/sessions",
            headers: [
                ("Host", "localhost"), ("Authorization", "Bearer \(mine)"), ("Content-Type", "application/json"),
                ("Prefer", "respond-async"),
            ], contentLength: body.count, hasBody: true)
        guard case .readBody(_, _, let then) = harness.gateway.receive(head) else {
            Issue.record("the key was not taken")
            return
        }
        try keys.revoke("mine")
        // Only now its body arrives, and the session begins.
        guard case .now(let response) = then(body) else {
            Issue.record("it was not answered at once")
            return
        }
        let grant = TestAnswer(response)
        #expect(grant.status == 202)
        let path = "/v1/sessions/\(try grant.string("session", "id"))/events"
        let token = try grant.string("token")
        // From the beginning: the end may have come before the poll.
        var page = await harness.call("GET", path + "?after=oldest", token: token)
        while page.value("ended") != .bool(true) {
            page = await harness.call("GET", path + "?after=\(try page.string("next"))", token: token)
        }
        #expect(page.events.last?["data"]?["reason"]?.text == "signedOut")
        try await harness.stop()
    }
}
