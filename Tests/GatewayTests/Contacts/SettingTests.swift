import HTTPFront
import MSNP
import MSNPClient
import MSNPSandbox
import TestSupport
import Testing

@testable import Gateway

/// Privacy, whom to let in without asking, and the own phone numbers.
@Suite(.timeLimit(.minutes(5))) struct SettingTests {
    @Test("Privacy: both settings at once, told and kept; what is so already is no event")
    func privacy() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await OpenedSession(harness)
        let server = try #require(harness.sandbox)
        #expect(await alice.get("/privacy").text == #"{"promptOnAdd":true,"unknownContacts":"allow"}"#)
        _ = await alice.call("PATCH", "/contacts/dave@example.com", #"{"allowed":true}"#)
        var cursor = try await alice.cursor()
        let both = #"{"unknownContacts":"block","promptOnAdd":false}"#
        let set = await alice.call("PUT", "/privacy", both)
        #expect(set.status == 200)
        #expect(set.json == (try JSONValue(both)))
        #expect(
            try await alice.events(after: &cursor).map(Told.init) == [
                Told("privacy.changed", #"{"unknownContacts":"block","promptOnAdd":true}"#),
                Told("privacy.changed", both),
            ])
        #expect(await server.account("alice@example.com")?.privacy == .block)
        #expect(await server.account("alice@example.com")?.addPrompt == .allowSilently)
        #expect(await alice.call("PUT", "/privacy", both).status == 200, "218 is success")
        #expect(try await alice.events(after: &cursor).isEmpty)
        for (json, pointer) in [
            (#"{"promptOnAdd":true}"#, "/unknownContacts"), (#"{"unknownContacts":"allow"}"#, "/promptOnAdd"),
            (#"{"unknownContacts":"AL","promptOnAdd":true}"#, "/unknownContacts"),
            (#"{"unknownContacts":"allow","promptOnAdd":"A"}"#, "/promptOnAdd"),
            (#"{"unknownContacts":"allow","promptOnAdd":true,"x":1}"#, "/x"),
        ] {
            let answer = await alice.call("PUT", "/privacy", json)
            #expect(answer.status == 400)
            #expect(answer.value("errors", "0", "pointer") == .string(pointer))
        }
        #expect(await alice.call("PUT", "/privacy").status == 400)
        try await harness.stop()
    }

    @Test("Without a prompt, those who wait and those who come are let in, and nobody is asked about")
    func lettingIn() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await OpenedSession(harness)
        let server = try #require(harness.sandbox)
        var cursor = try await alice.cursor()
        _ = await alice.call("PUT", "/privacy", #"{"unknownContacts":"block","promptOnAdd":false}"#)
        let toAlice = ListEdit(.add(name: "Alice"), "alice@example.com", on: .forward)
        for account in ["erin", "uma", "kid"] { #expect(await server.edit(toAlice, of: "\(account)@example.com")) }
        var events: [[String: JSONValue]] = []
        while events.count < 7 {
            let page = await alice.get("/events?after=\(cursor)&types=contact.*")
            events += page.events
            cursor = try page.string("next")
        }
        #expect(events.allSatisfy { $0["type"] != .string("contact.request") })
        let lists = try #require(await server.account("alice@example.com")).lists
        for account in ["dave", "erin", "uma", "kid"] {
            #expect(lists[.allow]?.contains("\(account)@example.com") == true)
            #expect(lists[.forward]?.contains("\(account)@example.com") == false)
            let changes = events.compactMap { $0["data"]?["contact"] }.filter {
                $0["account"] == .string("\(account)@example.com")
            }
            #expect(changes.last?["lists"] == .array([.string("allow"), .string("reverse")]))
        }
        #expect(await alice.get("/contacts?pending=true").text == #"{"contacts":[]}"#)
        try await harness.stop()
    }

    @Test("Whom the server has no room for is asked about after all, once")
    func notLetIn() async throws {
        let harness = try await GatewayHarness.withSandbox(server: { $0.limits.allowList = 3 }, backend: { _ in })
        let alice = try await OpenedSession(harness)
        let server = try #require(harness.sandbox)
        _ = await alice.call("PUT", "/privacy", #"{"unknownContacts":"allow","promptOnAdd":false}"#)
        var cursor = try await alice.cursor()
        let toAlice = ListEdit(.add(name: "Alice"), "alice@example.com", on: .forward)
        #expect(await server.edit(toAlice, of: "erin@example.com"))
        let asked = await alice.get("/events?after=\(cursor)&types=contact.request")
        #expect(
            asked.events.map(Told.init) == [
                Told("contact.request", #"{"account":"erin@example.com","displayName":"Erin"}"#)
            ])
        cursor = try asked.string("next")
        // Prompting again is no news of those who were asked about.
        _ = await alice.call("PUT", "/privacy", #"{"unknownContacts":"allow","promptOnAdd":true}"#)
        #expect(try await alice.events(after: &cursor, "contact.request").isEmpty)
        try await harness.stop()
    }

    @Test("With the prompt back, those who wait are asked about")
    func promptAgain() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server)
        let alice = try await OpenedSession(harness)
        var cursor = try await alice.cursor()
        // ADD is not answered, so nobody gets in.
        server.say("GTC 0 4 N", "ADD 0 RL 5 dave@example.com Dave")
        try await server.received.first { $0.text.contains("ADD") && $0.text.contains("AL dave@example.com Dave") }
        server.say("GTC 0 6 A")
        try await alice.fence()
        let events = try await alice.events(after: &cursor).map(\.self).map { $0["type"]?.text }
        #expect(events == ["privacy.changed", "contact.added", "privacy.changed", "contact.request"])
        try await harness.stop()
        try await server.stop()
    }

    @Test("Phones: set, cleared with null, what the server makes of them, and what is wrong")
    func phones() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await OpenedSession(harness)
        let server = try #require(harness.sandbox)
        #expect(await alice.get("/phones").text == #"{"mobileMessaging":false}"#)
        var cursor = try await alice.cursor()
        let set = await alice.call("PATCH", "/phones", #"{"home":"1 (555) 010 0123","work":"+44 ☎"}"#)
        #expect(set.status == 200)
        #expect(
            set.json
                == (try JSONValue(#"{"home":"1 (555) 010 0123","mobileMessaging":false,"work":"+44 ☎"}"#)))
        let cleared = await alice.call("PATCH", "/phones", #"{"home":null,"mobile":"3"}"#)
        #expect(cleared.json == (try JSONValue(#"{"mobile":"3","mobileMessaging":false,"work":"+44 ☎"}"#)))
        #expect(await alice.get("/phones").json == cleared.json)
        #expect(
            try await alice.events(after: &cursor).map(Told.init) == [
                Told("phones.changed", #"{"home":"1 (555) 010 0123","mobileMessaging":false}"#),
                Told("phones.changed", #"{"home":"1 (555) 010 0123","mobileMessaging":false,"work":"+44 ☎"}"#),
                Told("phones.changed", #"{"mobileMessaging":false,"work":"+44 ☎"}"#),
                Told("phones.changed", #"{"mobile":"3","mobileMessaging":false,"work":"+44 ☎"}"#),
            ])
        #expect(await server.account("alice@example.com")?.phones[.work] == "+44 ☎")
        #expect(await server.account("alice@example.com")?.phones[.home] == nil)
        // Without a registered device the server says N, and that is what is answered (docs/protocol.md#phones).
        let paging = await alice.call("PATCH", "/phones", #"{"mobileMessaging":true}"#)
        #expect(paging.status == 200)
        #expect(paging.value("mobileMessaging") == .bool(false))
        #expect(await alice.call("PATCH", "/phones", "{}").json == cleared.json)
        #expect(await alice.call("PATCH", "/phones").json == cleared.json)
        #expect(try await alice.events(after: &cursor).isEmpty)
        for (json, pointer) in [
            (#"{"home":""}"#, "/home"), (#"{"home":1}"#, "/home"), (#"{"work":"a\r\nb"}"#, "/work"),
            (#"{"mobile":"\#(String(repeating: "1", count: 96))"}"#, "/mobile"),
            (#"{"mobile":"\#(String(repeating: " ", count: 32))"}"#, "/mobile"),
            (#"{"mobileMessaging":null}"#, "/mobileMessaging"), (#"{"mobileMessaging":"Y"}"#, "/mobileMessaging"),
            (#"{"fax":"1"}"#, "/fax"),
        ] {
            let answer = await alice.call("PATCH", "/phones", json)
            #expect(answer.status == 400, "\(json)")
            #expect(answer.value("errors", "0", "pointer") == .string(pointer))
        }
        let longest = String(repeating: "1", count: 95)
        #expect(await alice.call("PATCH", "/phones", #"{"mobile":"\#(longest)"}"#).value("mobile") == .string(longest))
        #expect(try await !alice.events(after: &cursor).isEmpty)
        try await harness.stop()
    }

    @Test("A number that the server refuses stops the rest; what it took before is so")
    func refusedPhone() async throws {
        var script = Script.friendly
        script.answers["PRP"] = { frame in
            frame.parameters[1] == "PHW"
                ? [.line("715 \(frame.parameters[0])")]
                : [.line("PRP \(frame.parameters[0]) 4 \(frame.parameters.dropFirst().joined(separator: " "))")]
        }
        let server = try await ScriptedServer.start(script)
        let harness = try GatewayHarness.with(server)
        let alice = try await OpenedSession(harness)
        let answer = await alice.call("PATCH", "/phones", #"{"home":"1","work":"2","mobile":"3"}"#)
        #expect(answer.status == 502)
        #expect(answer.value("msnp", "command") == .string("PRP"))
        #expect(await alice.get("/phones").text == #"{"home":"1"}"#)
        #expect(!server.received.all.contains { $0.text.contains("PHM") })
        try await harness.stop()
        try await server.stop()
    }
}
