import HTTPFront
import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

@Suite(.timeLimit(.minutes(5))) struct ServiceTests {
    @Test(
        "The three services of MSNP6, with their site ids",
        arguments: [("profile", 4263.0), ("n2paccount", 2823), ("n2pfund", 2823)])
    func services(name: String, siteID: Double) async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        let path = "/v1/sessions/\(alice.id)/services/\(name)"
        let answer = await harness.call("GET", path, token: alice.token)
        #expect(answer.status == 200)
        #expect(try answer.string("service") == name)
        #expect(answer.value("siteId") == .number(siteID))
        #expect(answer.value("available") == .bool(true))
        #expect(try answer.string("redirectKind") == "absolute")
        #expect(try answer.string("loginUrl").hasPrefix("https://login.sandbox.example/"))
        let form = await harness.call("POST", path + "/form", token: alice.token)
        #expect(form.status == 200)
        #expect(form.header("Cache-Control") == "no-store")
        #expect(try form.string("method") == "POST")
        #expect(try form.string("fields", "id") == String(Int(siteID)))
        #expect(try form.string("fields", "login") == "alice")
        #expect(try form.string("fields", "username") == "alice@example.com")
        #expect(try form.string("fields", "ru") == answer.string("redirectUrl"))
        let auth = try form.string("fields", "auth")
        let elapsed = try form.string("fields", "sl")
        #expect(try form.string("fields", "creds") == md5(auth + elapsed + "sandbox"))
        try await harness.stop()
    }

    @Test("The check values of creds")
    func checkValues() async throws {
        var script = Script.friendly
        script.answer("URL", "URL # /cgi-bin/HoTMaiL https://login.example/ppsecure/md5auth.srf?lc=1033 2")
        let server = try await ScriptedServer.start(script)
        for (password, elapsed, creds) in [
            ("correct horse", 42, "9df52034feda148b5f80994b343e9836"),
            ("password", 0, "03cb7edb4a7cd847ebc6bd52fdbca4e1"),
        ] {
            let harness = try GatewayHarness.with(server) { $0.loginHosts = ["login.example"] }
            let alice = try await harness.signIn("alice@example.com", password: password)
            let before = try await harness.call("GET", "/v1/sessions/\(alice.id)", token: alice.token).string("cursor")
            let profile = """
                MIME-Version: 1.0\r
                Content-Type: text/x-msmsgsprofile; charset=UTF-8\r
                sid: 507\r
                kv: 11\r
                lang_preference: 1036\r
                MSPAuth: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA$$\r
                \r

                """
            let connections = server.received.all.map(\.connection).max() ?? 1
            server.send(
                Array("MSG Hotmail Hotmail \(profile.utf8.count)\r\n\(profile)".utf8), on: connections)
            let updated = await harness.call(
                "GET", "/v1/sessions/\(alice.id)/events?after=\(before)", token: alice.token)
            #expect(updated.types == ["session.updated"])
            harness.clock.advance(.seconds(elapsed))
            let form = await harness.call("POST", "/v1/sessions/\(alice.id)/services/inbox/form", token: alice.token)
            #expect(try form.string("fields", "creds") == creds)
            #expect(try form.string("fields", "sl") == String(elapsed))
            #expect(try form.string("fields", "rru") == "/cgi-bin/HoTMaiL")
            #expect(try form.string("fields", "sid") == "507")
            #expect(try form.string("fields", "kv") == "11")
            #expect(try form.string("fields", "svc") == "mail")
            #expect(try form.string("fields", "mode") == "ttl")
            #expect(try form.string("fields", "js") == "yes")
            _ = await harness.call("GET", "/v1/sessions/\(alice.id)/services/profile", token: alice.token)
            #expect(server.received.all.last?.text.hasSuffix("PROFILE 0x040c") == true, "the profile's language")
            try await harness.stop()
        }
        try await server.stop()
    }

    @Test("The list is that of the dialect; what is newer is 409 and not asked for")
    func dialects() async throws {
        let new = try await GatewayHarness.withSandbox()
        let alice = try await new.signIn("alice@example.com")
        let all = await new.call("GET", "/v1/sessions/\(alice.id)/services", token: alice.token)
        guard case .array(let items) = all.value("services") else {
            Issue.record("no services")
            return
        }
        #expect(
            items.compactMap { $0["name"]?.text } == [
                "inbox", "folders", "compose", "person", "mobile", "chgmob", "profile", "n2paccount", "n2pfund",
            ])
        #expect(items.last?["since"]?.text == "MSNP6")
        #expect(items.last?["takes"] == .array([.string("lcid")]))
        try await new.stop()
        let old = try await GatewayHarness.withSandbox(dialect: .msnp5)
        let bob = try await old.signIn("bob@example.com")
        for name in ["profile", "n2paccount", "n2pfund"] {
            for (method, path) in [("GET", name), ("POST", name + "/form")] {
                let answer = await old.call(method, "/v1/sessions/\(bob.id)/services/\(path)", token: bob.token)
                #expect(answer.status == 409)
                #expect(answer.code == "service-unavailable-in-dialect")
            }
        }
        #expect(await old.call("GET", "/v1/sessions/\(bob.id)/services/mobile", token: bob.token).status == 200)
        try await old.stop()
        let older = try await GatewayHarness.withSandbox(dialect: .msnp4)
        let carol = try await older.signIn("carol@example.com")
        #expect(
            await older.call("GET", "/v1/sessions/\(carol.id)/services/mobile", token: carol.token).code
                == "service-unavailable-in-dialect")
        #expect(await older.call("GET", "/v1/sessions/\(carol.id)/services/inbox", token: carol.token).status == 200)
        try await older.stop()
    }

    @Test(
        "An answer that is no usable address is not available, and has no form",
        arguments: [
            "URL # /unused1 /unused2 1", "URL #", "URL # javascript:alert(1) https://login.example/ 2",
            "URL # /x http:///y 2", "URL # //evil.example/ https://login.example/ 2",
        ])
    func placeholders(line: String) async throws {
        var script = Script.friendly
        script.answer("URL", line)
        let server = try await ScriptedServer.start(script)
        let harness = try GatewayHarness.with(server) { $0.loginHosts = ["login.example"] }
        let alice = try await harness.signIn("alice@example.com")
        let answer = await harness.call("GET", "/v1/sessions/\(alice.id)/services/profile", token: alice.token)
        #expect(answer.status == 200)
        #expect(answer.value("available") == .bool(false))
        #expect(answer.value("redirectUrl") == nil)
        #expect(answer.value("loginUrl") == nil)
        let form = await harness.call("POST", "/v1/sessions/\(alice.id)/services/profile/form", token: alice.token)
        #expect(form.status == 409)
        #expect(form.code == "service-unavailable")
        try await harness.stop()
        try await server.stop()
    }

    @Test(
        "A form is given only for an https host that the operator listed",
        arguments: ["http://login.example/x", "https://other.example/x", "https://login.example.evil.example/x"])
    func loginHosts(login: String) async throws {
        var script = Script.friendly
        script.answer("URL", "URL # /x \(login) 2")
        let server = try await ScriptedServer.start(script)
        let harness = try GatewayHarness.with(server) { $0.loginHosts = ["login.example"] }
        let alice = try await harness.signIn("alice@example.com")
        let form = await harness.call("POST", "/v1/sessions/\(alice.id)/services/inbox/form", token: alice.token)
        #expect(form.status == 409)
        #expect(form.code == "login-host-not-allowed")
        try await harness.stop()
        try await server.stop()
    }

    @Test("As a page: a button that names the host, no script, and nowhere else to go")
    func page() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        let page = await harness.call(
            "POST", "/v1/sessions/\(alice.id)/services/profile/form", token: alice.token,
            headers: [("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8")])
        #expect(page.status == 200)
        #expect(page.header("Content-Type") == "text/html; charset=utf-8")
        #expect(page.header("Content-Security-Policy")?.contains("form-action https://login.sandbox.example;") == true)
        #expect(page.header("Content-Security-Policy")?.contains("default-src 'none'") == true)
        #expect(page.text.contains("<button type=\"submit\">Sign in at login.sandbox.example</button>"))
        #expect(page.text.contains("name=\"creds\""))
        #expect(!page.text.contains("<script"))
        try await harness.stop()
    }

    @Test(
        "Parameters are checked before anything is sent",
        arguments: [
            "profile?lcid=abc", "profile?lcid=0x10000", "profile?lcid=70000", "profile?lcid=-1", "profile?to=a@b",
            "inbox?lcid=1033", "compose?to=nobody", "compose?to=a@b%0D%0AOUT", "compose?lcid=1033", "profile?x=1",
        ])
    func parameters(target: String) async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await harness.signIn("alice@example.com")
        let answer = await harness.call("GET", "/v1/sessions/\(alice.id)/services/\(target)", token: alice.token)
        #expect(answer.status == 400)
        #expect(!server.received.all.contains { $0.text.hasPrefix("URL") })
        try await harness.stop()
        try await server.stop()
    }

    @Test("What is sent: the language in four digits, the address as it is; an unknown service is 404")
    func wire() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await harness.signIn("alice@example.com")
        for (target, line) in [
            ("profile?lcid=0x409", "PROFILE 0x0409"), ("n2pfund?lcid=1036", "N2PFUND 0x040c"),
            ("person", "PERSON 0x0409"), ("compose?to=bob+x@example.com", "COMPOSE bob+x@example.com"),
            ("inbox", "INBOX"),
        ] {
            let answer = await harness.call("GET", "/v1/sessions/\(alice.id)/services/\(target)", token: alice.token)
            #expect(answer.status == 200)
            #expect(server.received.all.last?.text.split(separator: " ", maxSplits: 2).last.map(String.init) == line)
        }
        #expect(
            await harness.call("GET", "/v1/sessions/\(alice.id)/services/PROFILE", token: alice.token).status == 404)
        #expect(await harness.call("GET", "/v1/sessions/\(alice.id)/services/chat", token: alice.token).status == 404)
        server.change { $0.ignore("URL") }
        try await harness.stop()
        try await server.stop()
    }

    @Test("A service that is not answered is 504, one that is refused 502, and the session goes on")
    func unanswered() async throws {
        var script = Script.friendly
        script.ignore("URL")
        let server = try await ScriptedServer.start(script)
        let harness = try GatewayHarness.with(server) { $0.timeouts.request = .seconds(2) }
        let alice = try await harness.signIn("alice@example.com")
        let silent = await harness.call("GET", "/v1/sessions/\(alice.id)/services/inbox", token: alice.token)
        #expect(silent.status == 504)
        #expect(try silent.string("detail").contains("URL"))
        server.change { $0.answer("URL", "201 #") }
        let refused = await harness.call("GET", "/v1/sessions/\(alice.id)/services/inbox", token: alice.token)
        #expect(refused.status == 502)
        #expect(refused.value("msnp", "code") == .number(201))
        #expect(try refused.string("msnp", "command") == "URL")
        let presence = await harness.call(
            "PUT", "/v1/sessions/\(alice.id)/presence", token: alice.token, json: #"{"status":"away"}"#)
        #expect(presence.status == 200)
        try await harness.stop()
        try await server.stop()
    }
}
