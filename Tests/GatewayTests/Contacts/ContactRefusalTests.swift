import HTTPFront
import Locking
import MSNP
import MSNPClient
import MSNPSandbox
import TestSupport
import Testing

@testable import Gateway

/// Edits that are wrong, that the server refuses, or to which it says nothing.
@Suite(.timeLimit(.minutes(5))) struct ContactRefusalTests {
    @Test("Bad accounts, bodies and combinations are 400, and nothing is sent")
    func invalid() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await OpenedSession(harness)
        try await alice.fence()
        let sent = server.received.all.count
        let good = "/contacts/bob@example.com"
        let long = String(repeating: "x", count: 130) + "@example.com"
        for account in [
            "bob", "alice@example.com", "ALICE@example.com", long, "a%20b@example.com", "a%0D%0Ab@example.com",
            "%00@example.com", "b%C3%A9@example.com", "@", "a%25zz",
        ] {
            for (method, json) in [("PUT", nil), ("PATCH", #"{"blocked":true}"#), ("DELETE", nil)] {
                let answer = await alice.call(method, "/contacts/" + account, json)
                #expect(answer.status == 400, "\(method) \(account): \(answer.text)")
                #expect(answer.code == "invalid-request")
            }
        }
        for (method, json, pointer) in [
            ("PATCH", #"{"blocked":true,"allowed":true}"#, "/allowed"),
            ("PATCH", #"{"blocked":false,"allowed":true}"#, "/allowed"), ("PATCH", #"{"allowed":false}"#, "/allowed"),
            ("PATCH", #"{"blocked":null}"#, "/blocked"), ("PATCH", #"{"allowed":"yes"}"#, "/allowed"),
            ("PATCH", #"{"displayName":"x"}"#, "/displayName"), ("PUT", #"{"blocked":true}"#, "/blocked"),
            ("PUT", #"{"displayName":""}"#, "/displayName"), ("PUT", #"{"displayName":null}"#, "/displayName"),
            ("PUT", #"{"displayName":"a\nb"}"#, "/displayName"),
            ("PUT", #"{"displayName":"\#(String(repeating: "x", count: 388))"}"#, "/displayName"),
        ] {
            let answer = await alice.call(method, good, json)
            #expect(answer.status == 400, "\(json): \(answer.text)")
            #expect(answer.value("errors", "0", "pointer") == .string(pointer), "\(answer.text)")
        }
        for json in ["[]", "{", #"{"blocked":true}{"#] {
            #expect(await alice.call("PATCH", good, json).status == 400)
            #expect(await alice.call("PUT", good, json).status == 400)
        }
        #expect(await alice.call("PUT", good + "?x=1").status == 400)
        #expect(await alice.get("/contacts?list=friends").status == 400)
        #expect(await alice.get("/contacts?status=appearOffline").status == 400)
        #expect(await alice.get("/contacts?pending=1").status == 400)
        let form = await harness.begin(
            "PUT", alice.path + good, token: alice.token, body: Array("displayName=x".utf8),
            headers: [("Content-Type", "application/x-www-form-urlencoded")]
        ).answer()
        #expect(form.status == 415)
        #expect(server.received.all.count == sent)
        try await harness.stop()
        try await server.stop()
    }

    @Test(
        "The server's errors and what they mean",
        arguments: [
            (201, 404, "contact-not-found"), (205, 404, "contact-not-found"), (208, 404, "contact-not-found"),
            (209, 409, "display-name-refused"), (210, 409, "list-full"), (219, 502, "backend-error"),
            (280, 502, "backend-error"), (713, 429, "rate-limited"), (800, 429, "rate-limited"),
        ])
    func refused(code: Int, status: Int, problem: String) async throws {
        var script = Script.friendly
        script.answer("ADD", "\(code) #")
        script.answers["REM"] = { [.line("REM \($0.parameters[0]) \($0.parameters[1]) 4 \($0.parameters[2])")] }
        let server = try await ScriptedServer.start(script)
        let harness = try GatewayHarness.with(server)
        let alice = try await OpenedSession(harness)
        let cursor = try await alice.cursor()
        let answer = await alice.call("PUT", "/contacts/dave@example.com")
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer.code == problem)
        #expect(answer.value("msnp", "code") == .number(Double(code)))
        #expect(answer.value("msnp", "command") == .string("ADD"))
        #expect(try !answer.string("msnp", "name").isEmpty)
        #expect(answer.header("Retry-After") == (status == 429 ? "10" : nil))
        let added = server.received.all.count { $0.text.hasPrefix("ADD") }
        #expect(added == (code == 219 ? 2 : 1), "219 is tried once more")
        #expect(try await alice.cursor() == cursor, "nothing has changed")
        try await harness.stop()
        try await server.stop()
    }

    @Test("Of REM and REA: 216 and 205 of REM are success, 216 of REA is 404, 209 is 409, 800 is 429")
    func otherCommands() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await OpenedSession(harness)
        for code in [216, 205] {
            server.change { $0.answer("REM", "\(code) #") }
            server.say("ADD 0 FL 4 bob@example.com Bob")
            try await alice.fence()
            #expect(await alice.call("DELETE", "/contacts/bob@example.com").status == 204)
            #expect(try await !alice.get("/contacts/bob@example.com").string("account").isEmpty)
            #expect(
                await alice.get("/contacts/bob@example.com").value("lists")
                    == .array([.string("allow"), .string("reverse")]))
        }
        server.say("ADD 0 FL 4 bob@example.com Bob")
        try await alice.fence()
        for (code, status) in [(216, 404), (209, 409), (800, 429), (715, 502)] {
            server.change { $0.answer("REA", "\(code) #") }
            let answer = await alice.call("PUT", "/contacts/bob@example.com", #"{"displayName":"B"}"#)
            #expect(answer.status == status, "\(answer.text)")
            #expect(answer.value("msnp", "command") == .string("REA"))
        }
        server.change { $0.answer("REM", "201 #") }
        let refused = await alice.call("DELETE", "/contacts/bob@example.com")
        #expect(refused.status == 404)
        // 215 says that it is so, but not under which name.
        server.change { $0.answer("ADD", "215 #") }
        let there = await alice.call("PUT", "/contacts/carol@example.com")
        #expect(there.status == 201)
        #expect(try there.string("displayName") == "carol@example.com")
        try await harness.stop()
        try await server.stop()
    }

    @Test("A block that the server has no room for leaves the contact allowed")
    func noRoom() async throws {
        let harness = try await GatewayHarness.withSandbox(server: { $0.limits.blockList = 0 }, backend: { _ in })
        let alice = try await OpenedSession(harness)
        let before = await alice.get("/contacts").text
        let answer = await alice.call("PATCH", "/contacts/bob@example.com", #"{"blocked":true}"#)
        #expect(answer.status == 409)
        #expect(answer.code == "list-full")
        #expect(await alice.get("/contacts").text == before)
        #expect(
            await harness.sandbox?.account("alice@example.com")?.lists[.allow]
                == ["bob@example.com", "carol@example.com", "echo@example.com"])
        try await harness.stop()
    }

    @Test("Commands that nobody answers are 504 with their names, and the session goes on")
    func unanswered() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await OpenedSession(harness)
        let bob = "/contacts/bob@example.com"
        server.change { $0.ignore("REA") }
        for (command, method, path, json) in [
            ("ADD", "PUT", "/contacts/erin@example.com", nil), ("REM", "DELETE", bob, nil),
            ("REM", "PATCH", bob, #"{"blocked":true}"#), ("REA", "PUT", bob, #"{"displayName":"B"}"#),
            ("BLP", "PUT", "/privacy", #"{"unknownContacts":"block","promptOnAdd":false}"#),
            ("PRP", "PATCH", "/phones", #"{"home":"1"}"#),
        ] {
            let answer = try await alice.unanswered(method, path, json, command: command, server)
            #expect(answer.status == 504, "\(command): \(answer.text)")
            #expect(answer.code == "backend-timeout")
            #expect(try answer.string("detail").contains(command))
            #expect(await alice.call("PUT", "/presence", #"{"status":"busy"}"#).status == 200)
        }
        server.change { $0.answers["BLP"] = { [.line("BLP \($0.parameters[0]) 4 \($0.parameters[1])")] } }
        let half = try await alice.unanswered(
            "PUT", "/privacy", #"{"unknownContacts":"block","promptOnAdd":false}"#, command: "GTC", server)
        #expect(half.status == 504)
        #expect(try half.string("detail").contains("GTC"))
        #expect(
            await alice.get("/privacy").json == (try JSONValue(#"{"unknownContacts":"block","promptOnAdd":true}"#)),
            "what the server did take is so")
        try await harness.stop()
        try await server.stop()
    }

    @Test("Commands that a backend does not take are 501 before anything is sent, and only where they are needed")
    func quirks() async throws {
        var script = Script.friendly
        for command in ["ADD", "REM"] {
            script.answers[command] = { frame in
                [.line("\(command) \(frame.parameters[0]) \(frame.parameters[1]) 4 \(frame.parameters[2])")]
            }
        }
        for command in ["BLP", "GTC"] {
            script.answers[command] = { [.line("\(command) \($0.parameters[0]) 4 \($0.parameters[1])")] }
        }
        let server = try await ScriptedServer.start(script)
        let block = #"{"blocked":true}"#
        let bob = "/contacts/bob@example.com"
        for (quirk, method, path, json, status) in [
            ("no-add", "PUT", "/contacts/erin@example.com", nil, 501), ("no-add", "PATCH", bob, block, 501),
            ("no-add", "DELETE", bob, nil, 204), ("no-rem", "DELETE", bob, nil, 501),
            ("no-rem", "PATCH", bob, block, 501), ("no-rem", "PATCH", "/contacts/erin@example.com", block, 200),
            ("no-rea", "PUT", bob, #"{"displayName":"B"}"#, 501), ("no-rea", "PUT", bob, nil, 200),
            ("no-prp", "PATCH", "/phones", #"{"home":"1"}"#, 501), ("no-prp", "PATCH", "/phones", "{}", 200),
            ("no-gtc", "PUT", "/privacy", #"{"unknownContacts":"block","promptOnAdd":false}"#, 501),
            ("no-gtc", "PUT", "/privacy", #"{"unknownContacts":"block","promptOnAdd":true}"#, 200),
            ("no-blp", "PUT", "/privacy", #"{"unknownContacts":"block","promptOnAdd":true}"#, 501),
        ] {
            let sent = server.received.all.count
            let harness = try GatewayHarness.with(server) {
                $0.quirks = [BackendQuirk(parsing: quirk)].compactMap(\.self).reduce(into: []) { $0.insert($1) }
            }
            let alice = try await OpenedSession(harness)
            let answer = await alice.call(method, path, json)
            #expect(answer.status == status, "\(quirk) \(method) \(path): \(answer.text)")
            if status == 501 {
                #expect(answer.code == "not-supported-by-backend")
                #expect(try answer.string("detail").contains(quirk.dropFirst(3).uppercased()))
                let edits = server.received.all.dropFirst(sent).filter { line in
                    ["ADD", "REM", "BLP", "GTC", "REA", "PRP"].contains { line.text.hasPrefix($0) }
                }
                #expect(edits.isEmpty, "half an edit: \(edits)")
            }
            try await harness.stop()
        }
        try await server.stop()
    }

    @Test("Whoever is let in without asking waits behind any number of edits, and is not taken for refused")
    func lettingInBehindOthers() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server) { $0.timeouts.request = .seconds(600) }
        let alice = try await OpenedSession(harness)
        let begun = alice.begin("PUT", "/contacts/user1@example.com")
        try await server.received.first { $0.text.hasPrefix("ADD") }
        let waiting = (2...GatewayLimits.waitingEdits).map { alice.begin("PUT", "/contacts/user\($0)@example.com") }
        let session = try #require(harness.gateway.registry.session(alice.id))
        while session.edits.waiting < GatewayLimits.waitingEdits { await Task.yield() }
        server.say("GTC 0 4 N", "ADD 0 RL 5 dave@example.com Dave")
        while session.edits.waiting == GatewayLimits.waitingEdits {
            try Task.checkCancellation()
            await Task.yield()
        }
        for call in waiting { call.leave() }
        server.change {
            $0.answers["ADD"] = { frame in
                [.line("ADD \(frame.parameters[0]) \(frame.parameters[1]) 6 \(frame.parameters[2]) x")]
            }
        }
        let first = try #require(server.received.all.first { $0.text.hasPrefix("ADD") }).text.split(separator: " ")
        server.say("ADD \(first[1]) AL 6 \(first[3]) x")
        #expect(await begun.answer().status == 201)
        try await server.received.first { $0.text.contains(" AL dave@example.com") }
        try await harness.stop()
        try await server.stop()
    }

    @Test("Edits take turns; too many that wait are 429, and who leaves before his turn is not heard of")
    func turns() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server) { $0.timeouts.request = .seconds(600) }
        let alice = try await OpenedSession(harness)
        let begun = alice.begin("PUT", "/contacts/user1@example.com")
        try await server.received.first { $0.text.hasPrefix("ADD") }
        let waiting = (2...GatewayLimits.waitingEdits).map { alice.begin("PUT", "/contacts/user\($0)@example.com") }
        let session = try #require(harness.gateway.registry.session(alice.id))
        // Each takes its place on a thread of its own.
        while session.edits.waiting < GatewayLimits.waitingEdits { await Task.yield() }
        let refused = await alice.call("PUT", "/contacts/late@example.com")
        #expect(refused.status == 429)
        #expect(refused.code == "rate-limited")
        #expect(refused.header("Retry-After") == "1")
        for call in waiting { call.leave() }
        server.change {
            $0.answers["ADD"] = { frame in
                [.line("ADD \(frame.parameters[0]) \(frame.parameters[1]) 4 \(frame.parameters[2]) x")]
            }
        }
        let first = try #require(server.received.all.first { $0.text.hasPrefix("ADD") }).text.split(separator: " ")
        server.say("ADD \(first[1]) AL 4 \(first[3]) x")
        let done = await begun.answer()
        #expect(done.status == 201, "\(done.text)")
        #expect(await alice.call("PUT", "/contacts/late@example.com").status == 201)
        let accounts = Set(
            server.received.all.filter { $0.text.hasPrefix("ADD") }.map { $0.text.split(separator: " ")[3] })
        #expect(accounts == [first[3], "late@example.com"])
        try await harness.stop()
        try await server.stop()
    }

    @Test("Without a server: 503 while reconnecting, 409 once ended")
    func away() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server) {
            $0.timeouts.backoff.base = .seconds(1000)
            $0.timeouts.backoff.longest = .seconds(1000)
        }
        let alice = try await OpenedSession(harness)
        server.drop()
        try await alice.reaches("reconnecting")
        let edits: [(String, String, String?)] = [
            ("PUT", "/contacts/erin@example.com", nil), ("PATCH", "/contacts/bob@example.com", #"{"blocked":true}"#),
            ("DELETE", "/contacts/bob@example.com", nil),
            ("PUT", "/privacy", #"{"unknownContacts":"block","promptOnAdd":true}"#),
            ("PATCH", "/phones", #"{"home":null}"#),
        ]
        for (method, path, json) in edits {
            let answer = await alice.call(method, path, json)
            #expect(answer.status == 503, "\(answer.text)")
            #expect(answer.code == "reconnecting")
            #expect(answer.header("Retry-After") != nil)
        }
        for path in ["/contacts", "/contacts/bob@example.com", "/privacy", "/phones", "/snapshot"] {
            #expect(await alice.get(path).status == 200, "what is known is read on")
        }
        #expect(await alice.call("DELETE").status == 204)
        for (method, path, json) in edits + [
            ("GET", "/contacts", nil), ("GET", "/privacy", nil), ("GET", "/phones", nil),
        ] {
            let answer = await alice.call(method, path, json)
            #expect(answer.status == 409, "\(answer.text)")
            #expect(answer.code == "session-ended")
            #expect(try answer.string("reason") == "signedOut")
        }
        #expect(await alice.get("/snapshot").status == 200)
        try await harness.stop()
        try await server.stop()
    }
}
