import HTTPFront
import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// The ways in which servers differ (docs/protocol.md#servers-differ) that concern a notification server: one behaves
/// so, and the API shows what the rule says.
///
/// What a ping may do is in `OnlineFlowTests` and `NotificationSessionTests`.
@Suite(.timeLimit(.minutes(5))) struct DeviatingServerTests {
    /// Somebody signed in at a server that follows a script.
    private struct Fixture {
        let server: ScriptedServer
        let gateway: GatewayHarness
        var id = ""
        var token = ""

        var path: String { "/v1/sessions/\(id)" }

        func get(_ path: String = "") async -> TestAnswer { await gateway.call("GET", self.path + path, token: token) }

        /// Everything so far; a command that is answered stands behind everything that the server said before it.
        func events(_ types: String = "*") async throws -> [[String: JSONValue]] {
            let fence = await gateway.call("GET", path + "/services/inbox", token: token)
            try #require(fence.status == 200, "\(fence.text)")
            let filter = types == "*" ? "" : "&types=\(types)"
            return await get("/events?after=oldest&wait=0&limit=500\(filter)").events
        }

        func stop() async throws {
            try await gateway.stop()
            try await server.stop()
        }
    }

    private func open(
        _ script: Script, _ backend: (inout BackendConfiguration) -> Void = { _ in }
    ) async throws -> (Fixture, TestAnswer) {
        let server = try await ScriptedServer.start(script)
        let gateway = try GatewayHarness.with(server) {
            $0.timeouts.backoff.base = .milliseconds(1)
            $0.timeouts.backoff.longest = .milliseconds(1)
            backend(&$0)
        }
        let answer = await gateway.call(
            "POST", "/v1/sessions", json: #"{"account":"alice@example.com","password":"correct horse"}"#)
        var fixture = Fixture(server: server, gateway: gateway)
        if answer.status == 201 {
            fixture.id = try answer.string("session", "id")
            fixture.token = try answer.string("token")
        }
        return (fixture, answer)
    }

    private func signIn(
        _ script: Script, _ backend: (inout BackendConfiguration) -> Void = { _ in }
    ) async throws -> Fixture {
        let (fixture, answer) = try await open(script, backend)
        try #require(answer.status == 201, "\(answer.text)")
        return fixture
    }

    @Test(
        "VER: the first token if it was offered, else another one that was",
        arguments: [
            ("MSNP6", "MSNP6"), ("MSNP6 CVR0", "MSNP6"), ("MSNP6 MSNP5 MSNP4 CVR0", "MSNP6"), ("msnp6", "MSNP6"),
            ("MSNP5", "MSNP5"), ("MSNP4 MSNP6", "MSNP4"), ("MSNP8 MSNP5", "MSNP5"), ("CVR0 MSNP4", "MSNP4"),
        ])
    func dialects(_ answer: String, _ agreed: String) async throws {
        var script = Script.friendly
        script.answer("VER", "VER # \(answer)")
        let fixture = try await signIn(script)
        #expect(try await fixture.get().string("protocol") == agreed)
        #expect(fixture.server.received.all.first?.text.hasSuffix(" CVR0") == true)
        try await fixture.stop()
    }

    @Test("VER: nothing that was offered is no common version", arguments: ["0", "0 MSNP6", "MSNP8", "MSNP2 MSNP3"])
    func noDialect(_ words: String) async throws {
        var script = Script.friendly
        script.answer("VER", "VER # \(words)")
        let (fixture, answer) = try await open(script)
        #expect(answer.status == 502)
        #expect(try answer.string("code") == "backend-protocol-error")
        #expect(try answer.string("reason") == "noCommonVersion")
        try await fixture.stop()
    }

    @Test(
        "USR OK: no verified bit is unknown, one counts, a second is ignored",
        arguments: [("", nil), (" 1", true), (" 0", false), (" 1 0", true), (" 0 1", false)] as [(String, Bool?)])
    func verifiedBit(_ tail: String, _ verified: Bool?) async throws {
        var script = Script.friendly
        script.answers["USR"] = { frame in
            let transaction = frame.parameters[0]
            return frame.parameters[2] == "I"
                ? [.line("USR \(transaction) MD5 S 1013928519.693957190")]
                : [.line("USR \(transaction) OK alice@example.com Alice\(tail)")]
        }
        let fixture = try await signIn(script)
        #expect(await fixture.get().value("verified") == verified.map(JSONValue.bool))
        try await fixture.stop()
    }

    @Test("A referral with and without its trailing 0, to the same host", arguments: [" 0", "", " 0 127.0.0.1:1863"])
    func referral(_ tail: String) async throws {
        let home = try await ScriptedServer.start(.friendly)
        var script = Script.friendly
        script.answers["USR"] = { [address = home.address] in [.line("XFR \($0.parameters[0]) NS \(address)\(tail)")] }
        let fixture = try await signIn(script)
        #expect(home.received.all.contains { $0.text.hasPrefix("SYN") })
        try await fixture.stop()
        try await home.stop()
    }

    @Test("SYN without any list, for a new account: online after a short wait, with nobody")
    func noLists() async throws {
        var script = Script.friendly
        script.answer("SYN", "SYN # 7")
        let fixture = try await signIn(script) { $0.timeouts.listsAbsent = .milliseconds(50) }
        #expect(await fixture.get("/contacts").value("contacts") == .array([]))
        try await fixture.stop()
    }

    @Test(
        "LST: names with every escape, raw, empty, or with what would break a line",
        arguments: [
            ("bob%40example.com", "bob@example.com"), ("Zoë", "Zoë"), ("", "bob@example.com"),
            ("B%0D%0AC%00D", "B\u{FFFD}\u{FFFD}C\u{FFFD}D"), ("100%", "100%"),
        ])
    func listNames(_ wire: String, _ shown: String) async throws {
        var script = Script.friendly
        script.answer(
            "SYN", "SYN # 3", "LST # FL 3 1 1 bob@example.com \(wire) ", "LST # AL 3 0 0", "LST # BL 3 0 0",
            "LST # RL 3 0 0")
        let fixture = try await signIn(script)
        let name = try await fixture.get("/contacts/bob@example.com").string("displayName")
        // Which mark stands for a control character is `DisplayText`'s; that none is left is the rule.
        #expect(name == shown || (wire.contains("%0D") && name == DisplayText.sanitized("B\r\nC\0D")))
        #expect(!name.unicodeScalars.contains { $0.value < 0x20 })
        try await fixture.stop()
    }

    @Test("Presence from any of ILN, NLN and FLN at any time: an event only when something changed")
    func presence() async throws {
        var script = Script.friendly
        // Before any CHG, and again with each.
        script.answer(
            "SYN", "SYN # 3", "LST # FL 3 1 1 bob@example.com Bob", "LST # AL 3 0 0", "LST # BL 3 0 0",
            "LST # RL 3 0 0", "ILN # AWY bob@example.com Bob")
        script.answers["CHG"] = { frame in
            [.line("CHG \(frame.parameters.joined(separator: " "))"), .line("ILN 99 AWY BOB@Example.com Bob")]
        }
        let fixture = try await signIn(script)
        func changes() async throws -> [String] {
            try await fixture.events("presence.changed").map { $0["data"]?["status"]?.text ?? "" }
        }
        #expect(try await changes() == ["away"])
        let server = fixture.server
        server.say("NLN AWY bob@example.com Bob", "NLN AWY bob@example.com Bob", "ILN 4711 AWY bob@example.com Bob")
        _ = await fixture.gateway.call(
            "PUT", fixture.path + "/presence", token: fixture.token, json: #"{"status":"busy"}"#)
        #expect(try await changes() == ["away"])
        server.say("ILN 4711 BSY bob@example.com Bob", "NLN BSY bob@example.com Bob")
        server.say("ILN 3 FLN bob@example.com Bob", "FLN bob@example.com", "FLN bob@example.com")
        server.say("NLN NLN stranger@example.com Stranger", "NLN NLN alice@example.com Alice", "FLN x", "ILN")
        #expect(try await changes() == ["away", "busy", "offline"])
        #expect(try await fixture.get("/contacts/bob@example.com").string("status") == "offline")
        #expect(await fixture.get("/contacts/stranger@example.com").status == 404)
        try await fixture.stop()
    }

    @Test("A stray line end after every payload, and commands that nobody knows")
    func strayLineEnds() async throws {
        let fixture = try await signIn(.friendly)
        let payload =
            "MIME-Version: 1.0\r\nContent-Type: application/x-msmsgssystemmessage\r\n\r\nType: 1\r\nArg1: 5\r\n"
        let message = "MSG Hotmail Hotmail \(payload.utf8.count)\r\n\(payload)\r\n"
        fixture.server.send(Array("\(message)\r\n\r\nXYZ 1 2 3\r\n\(message)NLN BSY bob@example.com Bob\r\n".utf8))
        let types = try await fixture.events().compactMap { $0["type"]?.text }
        #expect(types.filter { $0 == "server.notice" }.count == 2)
        #expect(types.last == "presence.changed")
        try await fixture.stop()
    }

    @Test("Requests that are not answered are 504 with the command named, and the session goes on")
    func unanswered() async throws {
        var script = Script.friendly
        script.ignore("REA")
        let fixture = try await signIn(script)
        let rename = try await fixture.gateway.unanswered(
            "PATCH", fixture.path, token: fixture.token, session: fixture.id,
            json: #"{"displayName":"Nobody answers"}"#, command: "REA", fixture.server)
        #expect(rename.status == 504)
        #expect(try rename.string("detail").contains("REA"))
        fixture.server.change { $0.ignore("URL") }
        let service = try await fixture.gateway.unanswered(
            "GET", fixture.path + "/services/profile", token: fixture.token, session: fixture.id, command: "URL",
            fixture.server)
        #expect(service.status == 504)
        #expect(try service.string("detail").contains("URL"))
        fixture.server.change { $0 = .friendly }
        #expect(try await fixture.events("session.state").last?["data"]?["state"]?.text == "online")
        try await fixture.stop()
    }

    @Test("An unknown URL service: 201 and then the close; the session comes back")
    func refusedService() async throws {
        var script = Script.friendly
        script.close(on: "URL", "201 #")
        let fixture = try await signIn(script)
        let answer = await fixture.get("/services/profile")
        #expect(answer.status == 502)
        #expect(answer.value("msnp", "code") == .number(201))
        try await fixture.server.received.first { $0.connection == 2 && $0.text.hasPrefix("CHG") }
        fixture.server.change { $0 = .friendly }
        var states: [String] = []
        while states.last != "online" {
            let answer = await fixture.get("/events?after=oldest&types=session.state&wait=0")
            states = answer.events.compactMap { $0["data"]?["state"]?.text }
        }
        #expect(states.suffix(3) == ["online", "reconnecting", "online"])
        try await fixture.stop()
    }

    @Test(
        "What a server would answer by closing is refused here and not sent",
        arguments: [
            ("PUT", "/presence", #"{"status":"offline"}"#), ("PUT", "/presence", #"{"status":"FLN"}"#),
            ("PATCH", "", #"{"displayName":"a\u0000b"}"#), ("PATCH", "", #"{"displayName":"a\r\nOUT"}"#),
            ("PATCH", "", #"{"displayName":""}"#),
        ])
    func invalidArguments(_ method: String, _ path: String, _ body: String) async throws {
        let fixture = try await signIn(.friendly)
        let sent = fixture.server.received.all.count
        let answer = await fixture.gateway.call(method, fixture.path + path, token: fixture.token, json: body)
        #expect(answer.status == 400)
        _ = try await fixture.events()
        #expect(fixture.server.received.all.dropFirst(sent).map { $0.text.prefix(3) } == ["URL"])
        try await fixture.stop()
    }

    @Test("OUT OTH is the end; bare closes are not, unless the operator says that they mean the same")
    func displaced() async throws {
        let told = try await signIn(.friendly)
        told.server.say("OUT OTH")
        while await told.get().value("state") != .string("ended") { await Task.yield() }
        #expect(try await told.get().string("reason") == "signedInElsewhere")
        #expect(!told.server.received.all.contains { $0.connection == 2 })
        try await told.stop()

        let bare = try await signIn(.friendly) { $0.quirks = [.displacesSilently] }
        bare.server.drop(1)
        try await bare.server.received.first { $0.connection == 2 && $0.text.hasPrefix("CHG") }
        // Online is when the echo has arrived, which a command behind it proves.
        while await bare.get().value("state") != .string("online") { await Task.yield() }
        bare.server.drop(2)
        while await bare.get().value("state") != .string("ended") { await Task.yield() }
        #expect(try await bare.get().string("reason") == "signedInElsewhere")
        #expect(!bare.server.received.all.contains { $0.connection == 3 })
        try await bare.stop()
    }

    @Test("OUT is answered by OUT, by a close, or by nothing: each is a clean end", arguments: [true, false, nil])
    func farewell(_ says: Bool?) async throws {
        var script = Script.friendly
        switch says {
        case true?: script.close(on: "OUT", "OUT")
        case false?: script.close(on: "OUT")
        case nil: script.ignore("OUT")
        }
        let fixture = try await signIn(script)
        let answer = await fixture.gateway.call("DELETE", fixture.path, token: fixture.token)
        #expect(answer.status == 204)
        #expect(try await fixture.get().string("reason") == "signedOut")
        try await fixture.stop()
    }

    @Test("Handles are compared without case and sent as the server spelt them at sign-in")
    func spelling() async throws {
        var script = Script.friendly
        script.answers["USR"] = { frame in
            let transaction = frame.parameters[0]
            return frame.parameters[2] == "I"
                ? [.line("USR \(transaction) MD5 S 1013928519.693957190")]
                : [.line("USR \(transaction) OK Alice@Example.COM Alice 1")]
        }
        let fixture = try await signIn(script)
        fixture.server.say("NLN BSY BOB@EXAMPLE.COM Bob", "NLN NLN alice@example.com Impostor")
        #expect(try await fixture.events("presence.changed").count == 1)
        #expect(try await fixture.get("/contacts/Bob@example.com").string("account") == "bob@example.com")
        _ = await fixture.gateway.call(
            "PATCH", fixture.path, token: fixture.token, json: #"{"displayName":"Al"}"#)
        #expect(
            fixture.server.received.all.contains { $0.text.hasPrefix("REA") && $0.text.contains("Alice@Example.COM") })
        #expect(try await fixture.get().string("account") == "Alice@Example.COM")
        try await fixture.stop()
    }
}
