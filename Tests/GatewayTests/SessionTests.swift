import HTTPFront
import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(5))) struct SessionTests {
    @Test("Presence: set and read, every word but offline")
    func presence() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)/presence"
        for word in Presence.allCases.map(\.name) where word != "offline" {
            let set = await harness.call("PUT", path, token: alice.token, json: #"{"status":"\#(word)"}"#)
            #expect(set.status == 200)
            #expect(try set.string("status") == word)
            #expect(try await harness.call("GET", path, token: alice.token).string("status") == word)
        }
        #expect(await harness.call("PUT", path, token: alice.token, json: #"{"status":"offline"}"#).status == 400)
        #expect(await harness.call("PUT", path, token: alice.token, json: "{}").status == 400)
        #expect(await harness.call("PUT", path, token: alice.token).status == 400)
        try await harness.stop()
    }

    @Test("Names: what is awkward comes back as it went; what would break a line is refused")
    func names() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)"
        for name in [
            "Zoë ☕ 100% +\u{3000}", "a b", "%20", "+", "\u{00A0}x\u{2003}", "日本", "👩‍👩‍👧‍👦", #"\"quoted\""#, "(brb)",
            "\u{202E}rtl",
        ] {
            let answer = await harness.call("PATCH", path, token: alice.token, json: #"{"displayName":"\#(name)"}"#)
            #expect(answer.status == 200, "\(name): \(answer.text)")
            let shown = name.replacing(#"\""#, with: "\"")
            #expect(try answer.string("displayName") == shown)
        }
        let lines = server.received.all.map(\.text).filter { $0.hasPrefix("REA") }
        #expect(
            lines.allSatisfy {
                $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } && $0.split(separator: " ").count == 4
            })
        let before = server.received.all.count
        for bad in [
            #"a\nb"#, #"a\rb"#, #"a\u0000b"#, #"\u007f"#, #"\u0085"#, #"\u2028"#, #"\ud83d"#, #"\udc00\ud83d"#,
            String(repeating: "x", count: 10_000), String(repeating: "é", count: 65),
        ] {
            let answer = await harness.call("PATCH", path, token: alice.token, json: #"{"displayName":"\#(bad)"}"#)
            #expect(answer.status == 400, "\(bad.prefix(20))")
        }
        #expect(server.received.all.count == before, "nothing of it was sent")
        let longest = String(repeating: "x", count: 387)
        #expect(
            await harness.call("PATCH", path, token: alice.token, json: #"{"displayName":"\#(longest)"}"#).status == 200
        )
        #expect(await harness.call("PATCH", path, token: alice.token, json: "{}").status == 200)
        #expect(await harness.call("PATCH", path, token: alice.token).status == 200, "all members are optional")
        #expect(await harness.call("PATCH", path, token: alice.token, json: #"{"displayName":null}"#).status == 400)
        let merge = await harness.call(
            "PATCH", path, token: alice.token, json: #"{"displayName":"M"}"#,
            headers: [("Content-Type", "application/merge-patch+json")])
        #expect(merge.status == 200)
        try await harness.stop()
        try await server.stop()
    }

    @Test("A refused name is 409, one changed too often 429, an unanswered one 504")
    func refusedNames() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await harness.signIn("alice@example.com")
        for (line, status, code) in [
            ("209 #", 409, "display-name-refused"), ("800 #", 429, "rate-limited"), ("500 #", 502, "backend-error"),
        ] {
            server.change { $0.answer("REA", line) }
            let answer = await harness.call(
                "PATCH", "/v1/sessions/\(alice.id)", token: alice.token, json: #"{"displayName":"x"}"#)
            #expect(answer.status == status)
            #expect(answer.code == code)
        }
        server.change { $0.answer("CHG", "800 #") }
        let tooOften = await harness.call(
            "PUT", "/v1/sessions/\(alice.id)/presence", token: alice.token, json: #"{"status":"busy"}"#)
        #expect(tooOften.status == 429)
        #expect(tooOften.value("msnp", "code") == .number(800))
        server.change { $0.ignore("REA") }
        let silent = try await harness.unanswered(
            "PATCH", "/v1/sessions/\(alice.id)", token: alice.token, session: alice.id,
            json: #"{"displayName":"x"}"#, command: "REA", server)
        #expect(silent.status == 504)
        try await harness.stop()
        try await server.stop()
    }

    @Test("The profile is typed and never has its ticket")
    func profile() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        let answer = await harness.call("GET", "/v1/sessions/\(alice.id)/profile", token: alice.token)
        #expect(answer.status == 200)
        #expect(answer.value("sid") == .number(507))
        #expect(answer.value("emailEnabled") == .bool(true))
        #expect(answer.value("languagePreference") == .number(1033))
        #expect(try answer.string("puid").hasPrefix("0x"))
        #expect(!answer.text.lowercased().contains("auth"))
        #expect(answer.header("Cache-Control") == "private, no-cache")
        let tag = try #require(answer.header("ETag"))
        let again = await harness.call(
            "GET", "/v1/sessions/\(alice.id)/profile", token: alice.token, headers: [("If-None-Match", tag)])
        #expect(again.status == 304)
        #expect(again.response.body.isEmpty)
        try await harness.stop()
        let server = try await ScriptedServer.start(.friendly)
        let bare = try GatewayHarness.with(server)
        let bob = try await bare.signIn("alice@example.com")
        #expect(await bare.call("GET", "/v1/sessions/\(bob.id)/profile", token: bob.token).status == 404)
        try await bare.stop()
        try await server.stop()
    }

    @Test("Contacts: everybody on any list, filtered, one by one, with a tag")
    func contacts() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        _ = try await harness.signIn("bob@example.com")
        let path = "/v1/sessions/\(alice.id)/contacts"
        func accounts(_ query: String) async -> [String] {
            let answer = await harness.call("GET", path + query, token: alice.token)
            guard case .array(let contacts) = answer.value("contacts") else { return [] }
            return contacts.compactMap { $0["account"]?.text }
        }
        var bob = await harness.call("GET", path + "/BOB%40example.com", token: alice.token)
        while try bob.string("status") != "online" {
            bob = await harness.call("GET", path + "/BOB%40example.com", token: alice.token)
        }
        #expect(try bob.string("displayName") == "Bob")
        #expect(bob.value("lists") == .array([.string("forward"), .string("allow"), .string("reverse")]))
        #expect(bob.value("blocked") == .bool(false))
        #expect(await accounts("") == ["bob@example.com", "carol@example.com", "dave@example.com", "echo@example.com"])
        #expect(await accounts("?pending=true") == ["dave@example.com"])
        #expect(await accounts("?list=forward&status=offline") == ["carol@example.com"])
        #expect(await accounts("?list=block").isEmpty)
        #expect(await harness.call("GET", path + "?list=FL", token: alice.token).status == 400)
        #expect(await harness.call("GET", path + "/bob%0D%0A@example.com", token: alice.token).status == 400)
        #expect(
            await harness.call("GET", path + "/mallory@example.com", token: alice.token).code == "contact-not-found")
        let all = await harness.call("GET", path, token: alice.token)
        let tag = try #require(all.header("ETag"))
        #expect(
            await harness.call("GET", path, token: alice.token, headers: [("If-None-Match", "\"x\", W/\(tag)")]).status
                == 304)
        try await harness.stop()
    }

    @Test("Signing out: OUT to the server, 204 and again 204, then readable for a minute")
    func signOut() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)"
        #expect(await harness.call("DELETE", path, token: alice.token).status == 204)
        try await server.received.first { $0.text == "OUT" }
        #expect(await harness.call("DELETE", path, token: alice.token).status == 204)
        let session = await harness.call("GET", path, token: alice.token)
        #expect(try session.string("state") == "ended")
        #expect(try session.string("reason") == "signedOut")
        #expect(try session.string("status") == "offline")
        try await harness.stop()
        try await server.stop()
    }

    @Test("Ended sessions are readable for a day, deleted ones for a minute, then they are 404")
    func forgotten() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)"
        server.say("OUT OTH")
        var last = await harness.call("GET", path + "/events", token: alice.token)
        while last.value("ended") == nil {
            last = await harness.call("GET", path + "/events?after=\(try last.string("next"))", token: alice.token)
        }
        harness.clock.advance(.seconds(24 * 60 * 60 - 1))
        #expect(await harness.call("GET", path, token: alice.token).status == 200)
        let again = try await harness.signIn("alice@example.com")
        let second = "/v1/sessions/\(again.id)"
        #expect(await harness.call("DELETE", second, token: again.token).status == 204)
        harness.clock.advance(.seconds(1))
        #expect(await harness.call("GET", path, token: alice.token).status == 404)
        harness.clock.advance(.seconds(58))
        #expect(await harness.call("GET", second, token: again.token).status == 200)
        harness.clock.advance(.seconds(1))
        for _ in 1...2 { #expect(await harness.call("GET", second, token: again.token).status == 404) }
        try await harness.stop()
        try await server.stop()
    }

    @Test("With a session that can't be read any more its answers under keys are gone, too")
    func forgottenKeys() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)"
        let sent = await harness.call(
            "POST", path + "/messages", token: alice.token, json: #"{"to":"echo@example.com","text":"hi"}"#,
            headers: [("Idempotency-Key", "k")])
        #expect(sent.status == 201)
        let idempotency = harness.gateway.metrics.idempotency
        #expect(await harness.call("DELETE", path, token: alice.token).status == 204)
        #expect(idempotency.count == 1)
        harness.clock.advance(.seconds(60))
        #expect(await harness.call("GET", path, token: alice.token).status == 404)
        #expect(idempotency.count == 0)
        try await harness.stop()
    }

    @Test("A gateway that stops signs everybody out, tells readers why, and takes in nobody")
    func shutdown() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await harness.signIn("alice@example.com")
        let poll = harness.begin("GET", "/v1/sessions/\(alice.id)/events", token: alice.token)
        #expect(await harness.call("GET", "/readyz").status == 200)
        await harness.gateway.shutdown()
        let last = await poll.answer()
        #expect(
            last.events.last?["data"] == .object(["state": .string("ended"), "reason": .string("gatewayShutdown")]))
        try await server.received.first { $0.text == "OUT" }
        #expect(await harness.call("GET", "/readyz").code == "shutting-down")
        #expect(await harness.call("GET", "/livez").status == 200)
        #expect(
            await harness.call("POST", "/v1/sessions", json: #"{"account":"a@b","password":"x"}"#).code
                == "shutting-down")
        try await harness.stop()
        try await server.stop()
    }

    @Test("No secret in any answer that it isn't for, nor in any log line")
    func secrets() async throws {
        let password = "s3cr3t-Pässwörd"
        var script = Script.friendly
        let profile = "Content-Type: text/x-msmsgsprofile\r\nsid: 507\r\nkv: 11\r\nMSPAuth: ticket-4711$$\r\n\r\n"
        script.answers["CHG"] = { frame in
            [
                .line("CHG \(frame.parameters[0]) \(frame.parameters[1])"), .line("CHL 0 15570131571988941333"),
                .raw(Array("MSG Hotmail Hotmail \(profile.utf8.count)\r\n\(profile)".utf8)),
                .line("XYZ nonsense ticket-4711$$"), .line("ticket-4711$$"),
            ]
        }
        let server = try await ScriptedServer.start(script)
        let harness = try GatewayHarness.with(server) { $0.loginHosts = ["login.example"] }
        let alice = try await harness.signIn("alice@example.com", password: password)
        let path = "/v1/sessions/\(alice.id)"
        _ = await harness.call(
            "POST", "/v1/sessions", json: #"{"account":"alice@example.com","password":"\#(password)x"}"#)
        _ = await harness.call("POST", "/v1/sessions", json: #"{"account":"alice","password":"\#(password)"}"#)
        _ = await harness.call("POST", "/v1/sessions", json: #"{"password":"\#(password)",}"#)
        try await server.received.first { $0.text.hasPrefix("QRY") }
        _ = await harness.call("GET", path + "/events?after=oldest&wait=0", token: alice.token)
        _ = await harness.call("GET", path + "/profile", token: alice.token)
        _ = await harness.call("GET", path + "/services/profile", token: alice.token)
        _ = await harness.call("GET", path, token: alice.token)
        _ = await harness.call("GET", path + "/nothing", token: alice.token)
        _ = await harness.call("GET", path, token: alice.token + "x")
        _ = await harness.call("DELETE", path, token: alice.token)
        let secrets = [
            password, md5("1013928519.693957190" + password), "ticket-4711", "8f2f5a91b72102cd28355e9fc9000d6e",
        ]
        let answers = harness.answered.all.map { TestAnswer($0).text }
        for secret in secrets {
            #expect(!answers.contains { $0.contains(secret) })
            #expect(!harness.log.lines.all.contains { $0.contains(secret) })
        }
        #expect(!harness.log.lines.all.contains { $0.contains(alice.token) })
        #expect(answers.filter { $0.contains(alice.token) }.count == 1, "the token is told once")
        #expect(!harness.log.lines.all.isEmpty)
        try await harness.stop()
        try await server.stop()
    }
}
