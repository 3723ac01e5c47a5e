import HTTPFront
import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(5))) struct SignInTests {
    private let alice = #"{"account":"alice@example.com","password":"sandbox"}"#

    @Test("201 with the session, its token and where it is")
    func signsIn() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let answer = await harness.call(
            "POST", "/v1/sessions",
            json: #"{"account":"alice@example.com","password":"sandbox","status":"busy","displayName":"Zoë ☕"}"#)
        #expect(answer.status == 201)
        let id = try answer.string("session", "id")
        #expect(answer.header("Location") == "/v1/sessions/\(id)")
        #expect(answer.header("Cache-Control") == "no-store")
        #expect(try answer.string("session", "state") == "online")
        #expect(try answer.string("session", "status") == "busy")
        #expect(try answer.string("session", "displayName") == "Zoë ☕")
        #expect(try answer.string("session", "protocol") == "MSNP6")
        #expect(answer.value("session", "verified") == .bool(true))
        #expect(answer.value("session", "reason") == nil)
        #expect(try answer.string("session", "createdAt") == "2023-11-14T22:13:20.000Z")
        let token = try answer.string("token")
        #expect(token.hasPrefix("mgt_"))
        #expect(token.utf8.count >= 4 + 43, "256 bits")
        let same = await harness.call("GET", "/v1/sessions/\(id)", token: token)
        #expect(same.status == 200)
        #expect(try same.string("account") == "alice@example.com")
        try await harness.stop()
    }

    @Test(
        "Refusals have the server's code, and say which of the two it is and what the person can do",
        arguments: [
            ("alice@example.com", "wrong", 911.0, "password"), ("nobody@example.com", "sandbox", 911, "password"),
            ("kid@example.com", "sandbox", 923, "parent"), ("nora@example.com", "sandbox", 924, "verified"),
        ])
    func refusals(account: String, password: String, code: Double, word: String) async throws {
        let harness = try await GatewayHarness.withSandbox()
        let answer = await harness.call(
            "POST", "/v1/sessions", json: #"{"account":"\#(account)","password":"\#(password)"}"#)
        #expect(answer.status == 403)
        #expect(answer.code == "sign-in-refused")
        #expect(answer.header("Content-Type") == "application/problem+json")
        #expect(answer.value("msnp", "code") == .number(code))
        #expect(try answer.string("msnp", "command") == "USR")
        #expect(try answer.string("detail").contains(word))
        #expect(try answer.string("type") == "/docs/problems#sign-in-refused")
        try await harness.stop()
    }

    @Test("An unverified account signs in, and its display name is locked")
    func unverified() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let answer = await harness.call(
            "POST", "/v1/sessions",
            json: #"{"account":"uma@example.com","password":"sandbox","displayName":"Uma"}"#)
        #expect(answer.status == 201, "a refused name does not fail the sign-in")
        #expect(answer.value("session", "verified") == .bool(false))
        #expect(try answer.string("session", "displayName") == "uma@example.com (E-Mail Address Not Verified)")
        let id = try answer.string("session", "id")
        let token = try answer.string("token")
        let rename = await harness.call("PATCH", "/v1/sessions/\(id)", token: token, json: #"{"displayName":"U"}"#)
        #expect(rename.status == 409)
        #expect(rename.code == "display-name-locked")
        try await harness.stop()
    }

    @Test("A server of an older dialect says nothing of verification")
    func olderDialect() async throws {
        let harness = try await GatewayHarness.withSandbox(dialect: .msnp5)
        let answer = await harness.call("POST", "/v1/sessions", json: alice)
        #expect(answer.status == 201)
        #expect(answer.value("session", "verified") == nil)
        #expect(try answer.string("session", "protocol") == "MSNP5")
        try await harness.stop()
    }

    @Test("What servers that are down, silent, or no servers come to")
    func brokenBackends() async throws {
        func answer(
            _ script: Script, at address: ServerAddress? = nil, step: Duration = .seconds(20)
        ) async throws -> TestAnswer {
            let server = try await ScriptedServer.start(script)
            let harness = try GatewayHarness.with(server) {
                $0.timeouts.signInStep = step
                if let address { $0.address = address }
            }
            let answer = await harness.call("POST", "/v1/sessions", json: alice)
            try await harness.stop()
            try await server.stop()
            return answer
        }
        let nobody = ClosedPort()
        let down = try await answer(Script(), at: nobody.address)
        #expect(down.status == 502)
        #expect(down.code == "backend-unreachable")
        let silent = try await answer(Script(), step: .milliseconds(50))
        #expect(silent.status == 504)
        #expect(silent.code == "backend-timeout")
        var garbage = Script()
        garbage.close(on: "VER", "HTTP/1.1 400 Bad Request")
        let web = try await answer(garbage)
        #expect(web.status == 502)
        #expect(web.code == "backend-protocol-error")
        var tooOld = Script()
        tooOld.close(on: "VER", "VER # 0")
        let old = try await answer(tooOld)
        #expect(old.status == 502)
        #expect(old.code == "backend-protocol-error")
        #expect(try old.string("detail").contains("MSNP6"))
        var busy = Script.friendly
        busy.close(on: "USR", "601 #")
        let full = try await answer(busy)
        #expect(full.status == 503)
        #expect(full.code == "backend-busy")
        #expect(full.header("Retry-After") != nil)
        #expect(full.value("msnp", "code") == .number(601))
        var closing = Script.friendly
        closing.close(on: "USR")
        let closed = try await answer(closing)
        #expect(closed.status == 502)
        #expect(closed.code == "backend-error")
    }

    @Test("The wait is over: 504, and the attempt is gone")
    func timesOut() async throws {
        let server = try await ScriptedServer.start(Script())
        let harness = try GatewayHarness.with(server)
        let pending = harness.begin("POST", "/v1/sessions", body: Array(alice.utf8))
        try await server.received.first { $0.text.hasPrefix("VER") }
        pending.release()
        let answer = await pending.answer()
        #expect(answer.status == 504)
        #expect(answer.code == "backend-timeout")
        try await server.received.first { $0.text == "OUT" }
        try await server.closed.first { $0 == 1 }
        server.change { $0 = .friendly }
        #expect(await harness.call("POST", "/v1/sessions", json: alice).status == 201, "nothing is left of the first")
        try await harness.stop()
        try await server.stop()
    }

    @Test("A caller who leaves cancels the attempt")
    func leaves() async throws {
        let server = try await ScriptedServer.start(Script())
        let harness = try GatewayHarness.with(server)
        let pending = harness.begin("POST", "/v1/sessions", body: Array(alice.utf8))
        try await server.received.first { $0.text.hasPrefix("VER") }
        pending.leave()
        try await server.received.first { $0.text == "OUT" }
        try await server.closed.first { $0 == 1 }
        try await harness.stop()
        try await server.stop()
    }

    @Test("A gateway that stops in the middle of a sign-in says so")
    func stopped() async throws {
        let server = try await ScriptedServer.start(Script())
        let harness = try GatewayHarness.with(server)
        let pending = harness.begin("POST", "/v1/sessions", body: Array(alice.utf8))
        let second = harness.begin("POST", "/v1/sessions", body: Array(alice.utf8))
        try await server.received.first { $0.text.hasPrefix("VER") }
        await harness.gateway.shutdown()
        #expect(await pending.answer().code == "shutting-down")
        #expect(await second.answer().code == "shutting-down")
        try await harness.stop()
        try await server.stop()
    }

    @Test("respond-async: the session at once, its sign-in to be watched")
    func asynchronous() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let answer = await harness.call(
            "POST", "/v1/sessions", json: alice, headers: [("Prefer", "respond-async")])
        #expect(answer.status == 202)
        #expect(answer.header("Preference-Applied")?.contains("respond-async") == true)
        let id = try answer.string("session", "id")
        let token = try answer.string("token")
        var cursor = "oldest"
        var states: [String] = []
        while states.last != "online" {
            let page = await harness.call("GET", "/v1/sessions/\(id)/events?after=\(cursor)", token: token)
            states += page.events.filter { $0["type"]?.text == "session.state" }.compactMap {
                $0["data"]?["state"]?.text
            }
            cursor = try page.string("next")
        }
        #expect(states == ["connecting", "signingIn", "connecting", "signingIn", "synchronizing", "online"])
        let failed = await harness.call(
            "POST", "/v1/sessions", json: #"{"account":"bob@example.com","password":"wrong"}"#,
            headers: [("Prefer", "respond-async")])
        #expect(failed.status == 202)
        let failedID = try failed.string("session", "id")
        let failedToken = try failed.string("token")
        var last = await harness.call("GET", "/v1/sessions/\(failedID)/events?after=oldest", token: failedToken)
        while last.value("ended") == nil {
            let next = try last.string("next")
            last = await harness.call("GET", "/v1/sessions/\(failedID)/events?after=\(next)", token: failedToken)
        }
        let ended = await harness.call("GET", "/v1/sessions/\(failedID)", token: failedToken)
        #expect(try ended.string("state") == "ended")
        #expect(try ended.string("reason") == "signInRefused")
        try await harness.stop()
    }

    @Test("A second sign-in with the right password is the same session with a new token")
    func second() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let first = try await harness.signIn("alice@example.com")
        let again = await harness.call(
            "POST", "/v1/sessions",
            json: #"{"account":"ALICE@example.com","password":"sandbox","status":"away","displayName":"A. A."}"#)
        #expect(again.status == 200)
        #expect(again.header("Location") == "/v1/sessions/\(first.id)")
        #expect(try again.string("session", "id") == first.id)
        #expect(try again.string("session", "status") == "away")
        #expect(try again.string("session", "displayName") == "A. A.")
        let token = try again.string("token")
        #expect(token != first.token)
        for token in [token, first.token] {
            #expect(await harness.call("GET", "/v1/sessions/\(first.id)", token: token).status == 200)
        }
        for _ in 1...15 { _ = await harness.call("POST", "/v1/sessions", json: alice) }
        // The one that was used last stays.
        #expect(await harness.call("GET", "/v1/sessions/\(first.id)", token: token).status == 401)
        #expect(await harness.call("GET", "/v1/sessions/\(first.id)", token: first.token).status == 200)
        try await harness.stop()
    }

    @Test("With a wrong password it is answered as a 911, the server is not asked, and the session lives on")
    func secondWrong() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let first = try await harness.signIn("alice@example.com")
        let before = server.received.all.count
        let wrong = await harness.call(
            "POST", "/v1/sessions", json: #"{"account":"alice@example.com","password":"guess"}"#)
        #expect(wrong.status == 403)
        #expect(wrong.code == "sign-in-refused")
        #expect(wrong.value("msnp", "code") == .number(911))
        #expect(server.received.all.count == before)
        let state = await harness.call("GET", "/v1/sessions/\(first.id)", token: first.token)
        #expect(try state.string("state") == "online")
        try await harness.stop()
        try await server.stop()
    }

    @Test("Another caller's attempt decides nothing: each password is the server's to judge until one was right")
    func concurrent() async throws {
        var script = Script.friendly
        script.ignore("USR")
        let server = try await ScriptedServer.start(script)
        let harness = try GatewayHarness.with(server)
        let guess = harness.begin(
            "POST", "/v1/sessions", body: Array(#"{"account":"alice@example.com","password":"guess"}"#.utf8))
        try await server.received.first { $0.text.hasPrefix("USR") }
        let right = harness.begin("POST", "/v1/sessions", body: Array(alice.utf8))
        let same = harness.begin("POST", "/v1/sessions", body: Array(alice.utf8))
        #expect(right.isParked)
        // The guess is refused, and whoever waited is tried in turn.
        server.change {
            $0 = .friendly
        }
        server.say("911 3")
        #expect(await guess.answer().code == "sign-in-refused")
        let answers = [await right.answer(), await same.answer()]
        #expect(answers.map(\.status).sorted() == [200, 201])
        #expect(try answers[0].string("session", "id") == answers[1].string("session", "id"))
        try await harness.stop()
        try await server.stop()
    }

    @Test("Who leaves takes nothing from those who stay")
    func leavesOthers() async throws {
        var script = Script.friendly
        script.ignore("REA")
        let server = try await ScriptedServer.start(script)
        let harness = try GatewayHarness.with(server)
        let first = harness.begin(
            "POST", "/v1/sessions",
            body: Array(#"{"account":"alice@example.com","password":"sandbox","displayName":"A"}"#.utf8))
        try await server.received.first { $0.text.hasPrefix("REA") }
        let second = await harness.call("POST", "/v1/sessions", json: alice)
        #expect(second.status == 200)
        first.leave()
        let session = await harness.call(
            "GET", "/v1/sessions/\(try second.string("session", "id"))", token: try second.string("token"))
        #expect(try session.string("state") == "online")
        try await harness.stop()
        try await server.stop()
    }

    @Test("A guess that joins a guess clears nothing")
    func guessTwice() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let guess = #"{"account":"alice@example.com","password":"guess"}"#
        for _ in 1...6 {
            let first = harness.begin(
                "POST", "/v1/sessions", body: Array(guess.utf8), headers: [("Prefer", "respond-async")])
            let second = harness.begin("POST", "/v1/sessions", body: Array(guess.utf8))
            _ = await first.answer()
            _ = await second.answer()
        }
        #expect(await harness.call("POST", "/v1/sessions", json: alice).status == 429)
        try await harness.stop()
    }

    @Test("Guessing is slowed down: five are free, then each wait doubles; a right password clears it")
    func throttled() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let wrong = #"{"account":"alice@example.com","password":"guess"}"#
        for _ in 1...6 {
            #expect(await harness.call("POST", "/v1/sessions", json: wrong).status == 403)
        }
        let blocked = await harness.call("POST", "/v1/sessions", json: alice)
        #expect(blocked.status == 429)
        #expect(blocked.code == "rate-limited")
        #expect(blocked.header("Retry-After") == "1")
        #expect(
            await harness.call("POST", "/v1/sessions", json: #"{"account":"bob@example.com","password":"sandbox"}"#)
                .status == 201, "another account is not affected")
        harness.clock.advance(.seconds(1))
        #expect(await harness.call("POST", "/v1/sessions", json: wrong).status == 403)
        #expect(await harness.call("POST", "/v1/sessions", json: wrong).header("Retry-After") == "2")
        harness.clock.advance(.seconds(2))
        #expect(await harness.call("POST", "/v1/sessions", json: alice).status == 201)
        try await harness.stop()
    }

    @Test(
        "Bodies that are not valid say what is wrong with which member",
        arguments: [
            (#"{}"#, ["/account", "/password"]),
            (#"{"account":"alice@example.com"}"#, ["/password"]),
            (#"{"account":"alice","password":"x"}"#, ["/account"]),
            (#"{"account":"a@b\r\nOUT","password":"x"}"#, ["/account"]),
            (#"{"account":"a@b\u0000","password":"x"}"#, ["/account"]),
            (#"{"account":"a\u3000b@example.com","password":"x"}"#, ["/account"]),
            (#"{"account":"a@b","password":""}"#, ["/password"]),
            (#"{"account":"a@b","password":7}"#, ["/password"]),
            (#"{"account":"a@b","password":null}"#, ["/password"]),
            (#"{"account":"a@b","password":"x","status":"offline"}"#, ["/status"]),
            (#"{"account":"a@b","password":"x","status":"BSY"}"#, ["/status"]),
            (#"{"account":"a@b","password":"x","displayName":"a\nb"}"#, ["/displayName"]),
            (#"{"account":"a@b","password":"x","displayName":""}"#, ["/displayName"]),
            (#"{"account":"a@b","password":"x","keep":"yes"}"#, ["/keep"]),
            (#"{"account":"a@b","password":"x","Status":"busy","~/":1}"#, ["/Status", "/~0~1"]),
        ])
    func invalidBodies(json: String, pointers: [String]) async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let answer = await harness.call("POST", "/v1/sessions", json: json)
        #expect(answer.status == 400)
        #expect(answer.code == "invalid-request")
        guard case .array(let errors) = answer.value("errors") else {
            Issue.record("no errors in \(answer.text)")
            return
        }
        #expect(errors.compactMap { $0["pointer"]?.text } == pointers)
        #expect(server.received.all.isEmpty)
        try await harness.stop()
        try await server.stop()
    }

    @Test(
        "Bodies that are no JSON object",
        arguments: ["", "{", "[]", "1", "null", #"{"account":"\ud800@b","password":"x"}"#, "{\"account\":\"\u{1}\"}"])
    func notJSON(json: String) async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let answer = await harness.call("POST", "/v1/sessions", json: json)
        #expect(answer.status == 400, "\(answer.text)")
        #expect(answer.code == "invalid-request")
        try await harness.stop()
        try await server.stop()
    }

    @Test("An unknown backend; signing in where it is closed")
    func closed() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let unknown = await harness.call(
            "POST", "/v1/sessions", json: #"{"account":"a@b","password":"x","backend":"127.0.0.1:22"}"#)
        #expect(unknown.status == 400)
        #expect(unknown.code == "unknown-backend")
        for header in ["Forwarded", "X-Forwarded-For", "x-forwarded-host", "Via"] {
            let proxied = await harness.call("POST", "/v1/sessions", json: alice, headers: [(header, "x")])
            #expect(proxied.status == 403)
            #expect(proxied.code == "sign-in-closed")
        }
        try await harness.stop()
        let listed = try GatewayHarness.with(server) { _ in
        } _: {
            $0.publicHosts = ["msn.example"]
        }
        #expect(await listed.call("POST", "/v1/sessions", json: alice).code == "sign-in-closed")
        try await listed.stop()
        let said = try GatewayHarness.with(server) { _ in
        } _: {
            $0.publicHosts = ["msn.example"]
            $0.openSignIn = true
        }
        #expect(await said.call("POST", "/v1/sessions", json: alice).status == 201)
        try await said.stop()
        try await server.stop()
    }

    @Test("Limits: sessions in all, and from one address")
    func limits() async throws {
        let harness = try await GatewayHarness.withSandbox { $0.limits.sessions = 1 }
        _ = try await harness.signIn("alice@example.com")
        let full = await harness.call(
            "POST", "/v1/sessions", json: #"{"account":"bob@example.com","password":"sandbox"}"#)
        #expect(full.status == 503)
        #expect(full.code == "gateway-full")
        try await harness.stop()
        let crowd = try await GatewayHarness.withSandbox { $0.limits.sessionsPerAnonymousAddress = 1 }
        let first = try await crowd.signIn("alice@example.com")
        #expect(
            await crowd.call("POST", "/v1/sessions", json: #"{"account":"bob@example.com","password":"sandbox"}"#)
                .status == 429)
        #expect(await crowd.call("DELETE", "/v1/sessions/\(first.id)", token: first.token).status == 204)
        _ = try await crowd.signIn("bob@example.com")
        try await crowd.stop()
    }

    @Test("The last token of the seventeenth sign-in works, and the first one no longer")
    func tokens() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let first = try await harness.signIn("alice@example.com")
        var tokens = [first.token]
        let json = #"{"account":"alice@example.com","password":"sandbox"}"#
        for _ in 1...15 { tokens.append(try await harness.call("POST", "/v1/sessions", json: json).string("token")) }
        let path = "/v1/sessions/\(first.id)"
        for token in tokens { #expect(await harness.call("GET", path, token: token).status == 200) }
        tokens.append(try await harness.call("POST", "/v1/sessions", json: json).string("token"))
        #expect(await harness.call("GET", path, token: tokens[0]).status == 401)
        for token in tokens.dropFirst() { #expect(await harness.call("GET", path, token: token).status == 200) }
        try await harness.stop()
    }

    @Test("Twenty sessions without a key from one address")
    func household() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        for number in 1...20 { _ = try await harness.signIn("user\(number)@example.com") }
        let refused = await harness.call(
            "POST", "/v1/sessions", json: #"{"account":"user21@example.com","password":"sandbox"}"#)
        #expect(refused.status == 429)
        #expect(refused.code == "rate-limited")
        #expect(refused.header("Retry-After") != nil)
        try await harness.stop()
        try await server.stop()
    }
}
