import HTTPFront
import MSNP
import MSNPClient
import MSNPSandbox
import TestSupport
import Testing

@testable import Gateway

/// Edits of contacts at the sandbox: what is answered, what is told, and what the server keeps (docs/protocol.md#editing).
@Suite(.timeLimit(.minutes(5))) struct ContactTests {
    private func contact(
        _ name: String, _ lists: [String], displayName: String? = nil, status: String = "offline",
        blocked: Bool = false, pending: Bool = false, phones: String = "{}"
    ) -> String {
        """
        {"account":"\(name)@example.com","displayName":"\(displayName ?? name.prefix(1).uppercased() + name.dropFirst())","status":"\(status)",\
        "lists":[\(lists.map { "\"\($0)\"" }.joined(separator: ","))],"blocked":\(blocked),"pending":\(pending),\
        "phones":\(phones)}
        """
    }

    private func told(_ type: String, _ contact: String) -> Told { Told(type, #"{"contact":\#(contact)}"#) }

    private static let noPages = #"{"mobileMessaging":false}"#

    private func lists(_ harness: GatewayHarness, _ account: String = "alice") async throws -> [ListName: Set<String>] {
        try #require(await harness.sandbox?.account("\(account)@example.com")).lists
    }

    @Test("PUT adds to the allow list, then to the forward list: 201, then 200; a name is kept, and changed")
    func add() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await OpenedSession(harness)
        var cursor = try await alice.cursor()
        let added = await alice.call("PUT", "/contacts/ERIN@example.com")
        #expect(added.status == 201, "\(added.text)")
        #expect(added.header("Location") == alice.path + "/contacts/erin@example.com")
        #expect(added.header("Cache-Control") == "private, no-cache")
        try await alice.fence()
        let name = "ERIN@example.com"
        let whole = contact("erin", ["forward", "allow"], displayName: name, phones: Self.noPages)
        #expect(
            try await alice.events(after: &cursor).map(Told.init) == [
                told("contact.added", contact("erin", ["allow"], displayName: name)),
                told("contact.updated", contact("erin", ["forward", "allow"], displayName: name)),
                told("contact.updated", whole),
            ])
        #expect(await alice.get("/contacts/erin@example.com").json == (try JSONValue(whole)))
        #expect(await alice.get("/contacts?list=forward").text.contains("erin@example.com"))
        #expect(try await lists(harness)[.forward]?.contains("erin@example.com") == true)
        #expect(try await lists(harness)[.allow]?.contains("erin@example.com") == true)
        #expect(try await lists(harness, "erin")[.reverse] == ["alice@example.com"])

        let again = await alice.call("PUT", "/contacts/erin%40example.com", "{}")
        #expect(again.status == 200)
        #expect(again.header("Location") == nil)
        #expect(again.json == (try JSONValue(whole)))
        #expect(try await alice.events(after: &cursor).isEmpty)

        let named = await alice.call("PUT", "/contacts/erin@example.com", #"{"displayName":"Erin ☕"}"#)
        #expect(named.status == 200)
        let renamed = contact("erin", ["forward", "allow"], displayName: "Erin ☕", phones: Self.noPages)
        #expect(named.json == (try JSONValue(renamed)))
        #expect(try await alice.events(after: &cursor).map(Told.init) == [told("contact.updated", renamed)])
        try await harness.stop()
    }

    @Test("A contact who is there shows at once; a blocked one goes on the forward list and stays blocked")
    func addPeople() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await OpenedSession(harness)
        _ = try await harness.signIn("dave@example.com")
        #expect(await alice.call("PATCH", "/contacts/erin@example.com", #"{"blocked":true}"#).status == 200)
        let blocked = await alice.call("PUT", "/contacts/erin@example.com", #"{"displayName":"E"}"#)
        #expect(blocked.status == 201)
        #expect(blocked.value("blocked") == .bool(true))
        #expect(blocked.value("lists") == .array([.string("forward"), .string("block")]))
        var cursor = try await alice.cursor()
        let dave = await alice.call("PUT", "/contacts/dave@example.com", #"{"displayName":"D"}"#)
        #expect(dave.status == 201)
        #expect(dave.value("pending") == .bool(false))
        try await alice.fence()
        let last = try await alice.events(after: &cursor, "presence.changed").map(Told.init)
        #expect(
            last == [
                Told(
                    "presence.changed",
                    #"{"account":"dave@example.com","displayName":"Dave","status":"online","previous":"offline"}"#)
            ])
        try await harness.stop()
    }

    @Test("A request is accepted, or declined, and is answered then")
    func requests() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await OpenedSession(harness)
        var cursor = "oldest"
        #expect(
            try await alice.events(after: &cursor, "contact.*").map(Told.init) == [
                Told("contact.request", #"{"account":"dave@example.com","displayName":"Dave"}"#)
            ], "the request that waited at sign-in, and none of the contacts that were there")
        #expect(await alice.get("/contacts?pending=true").text.contains("dave"))
        let accepted = await alice.call("PATCH", "/contacts/dave@example.com", #"{"allowed":true}"#)
        #expect(accepted.status == 200)
        let allowed = contact("dave", ["allow", "reverse"])
        #expect(accepted.json == (try JSONValue(allowed)))
        #expect(try await alice.events(after: &cursor).map(Told.init) == [told("contact.updated", allowed)])
        #expect(await alice.get("/contacts?pending=true").text == #"{"contacts":[]}"#)

        let server = try #require(harness.sandbox)
        let toAlice = ListEdit(.add(name: "Alice"), "alice@example.com", on: .forward)
        #expect(await server.edit(toAlice, of: "erin@example.com"))
        try await alice.fence()
        #expect(
            try await alice.events(after: &cursor).map(Told.init) == [
                told("contact.added", contact("erin", ["reverse"], pending: true)),
                Told("contact.request", #"{"account":"erin@example.com","displayName":"Erin"}"#),
            ])
        let declined = await alice.call("PATCH", "/contacts/erin@example.com", #"{"blocked":true}"#)
        #expect(declined.status == 200)
        let blocked = contact("erin", ["block", "reverse"], blocked: true)
        #expect(declined.json == (try JSONValue(blocked)))
        #expect(try await alice.events(after: &cursor).map(Told.init) == [told("contact.updated", blocked)])
        // Accepting after all takes her off the block list first.
        let after = await alice.call("PATCH", "/contacts/erin@example.com", #"{"allowed":true}"#)
        #expect(after.json == (try JSONValue(contact("erin", ["allow", "reverse"]))))
        #expect(try await lists(harness)[.block] == [])

        // Whoever goes and comes back asks anew.
        _ = await alice.call("PATCH", "/contacts/erin@example.com", #"{"blocked":false}"#)
        _ = try await alice.events(after: &cursor)
        #expect(await server.edit(ListEdit(.remove, "alice@example.com", on: .forward), of: "erin@example.com"))
        #expect(await server.edit(ListEdit(.remove, "erin@example.com", on: .allow), of: "alice@example.com"))
        #expect(await server.edit(toAlice, of: "erin@example.com"))
        try await alice.fence()
        #expect(
            try await alice.events(after: &cursor).map(Told.init) == [
                told("contact.updated", contact("erin", ["allow"])),
                told("contact.removed", contact("erin", [])),
                told("contact.added", contact("erin", ["reverse"], pending: true)),
                Told("contact.request", #"{"account":"erin@example.com","displayName":"Erin"}"#),
            ])
        try await harness.stop()
    }

    @Test("Nobody is asked about twice, also after a reconnect; an answer given elsewhere is one")
    func pendingRule() async throws {
        let harness = try await GatewayHarness.withSandbox(
            server: { _ in }, backend: { $0.timeouts.backoff.base = .milliseconds(5) })
        let alice = try await OpenedSession(harness)
        let server = try #require(harness.sandbox)
        #expect(await server.order(.drop, account: "alice@example.com"))
        var cursor = "oldest"
        while !(try await alice.events(after: &cursor, "session.state").contains {
            $0["data"]?["state"] == .string("reconnecting")
        }) { await Task.yield() }
        try await alice.reaches("online")
        var all = "oldest"
        #expect(try await alice.events(after: &all, "contact.*").count == 1)
        let elsewhere = ListEdit(.add(name: "D"), "dave@example.com", on: .block)
        #expect(await server.edit(elsewhere, of: "alice@example.com"))
        try await alice.fence()
        #expect(await alice.get("/contacts/dave@example.com").value("pending") == .bool(false))
        #expect(try await alice.events(after: &all, "contact.*").map { $0["type"]?.text } == ["contact.updated"])
        try await harness.stop()
    }

    @Test("Block and unblock: the other sees it; blocking twice and unblocking nobody change nothing")
    func block() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await OpenedSession(harness)
        let bob = OpenedSession(harness, try await harness.signIn("bob@example.com"))
        #expect(try await bob.get("/contacts/alice@example.com").string("status") == "online")
        try await alice.fence()
        var cursor = try await alice.cursor()
        let answer = await alice.call("PATCH", "/contacts/bob@example.com", #"{"blocked":true}"#)
        #expect(answer.status == 200)
        #expect(answer.header("ETag") == nil)
        let pages = Self.noPages
        let blocked = contact(
            "bob", ["forward", "block", "reverse"], status: "online", blocked: true, phones: pages)
        #expect(answer.json == (try JSONValue(blocked)))
        #expect(
            try await alice.events(after: &cursor).map(Told.init) == [
                told(
                    "contact.updated",
                    contact("bob", ["forward", "reverse"], status: "online", pending: true, phones: pages)),
                told("contact.updated", blocked),
            ])
        try await bob.fence()
        #expect(try await bob.get("/contacts/alice@example.com").string("status") == "offline")
        #expect(await alice.call("PATCH", "/contacts/bob@example.com", #"{"blocked":true}"#).status == 200)
        #expect(try await alice.events(after: &cursor).isEmpty)

        let back = await alice.call("PATCH", "/contacts/bob@example.com", #"{"blocked":false}"#)
        #expect(back.value("lists") == .array(["forward", "allow", "reverse"].map(JSONValue.string)))
        try await bob.fence()
        #expect(try await bob.get("/contacts/alice@example.com").string("status") == "online")
        _ = try await alice.events(after: &cursor)
        #expect(await alice.call("PATCH", "/contacts/bob@example.com", #"{"blocked":false}"#).status == 200)
        #expect(await alice.call("PATCH", "/contacts/bob@example.com", "{}").status == 200)
        #expect(await alice.call("PATCH", "/contacts/bob@example.com").status == 200)
        let stranger = await alice.call("PATCH", "/contacts/erin@example.com", #"{"blocked":false}"#)
        #expect(stranger.status == 404)
        #expect(stranger.code == "contact-not-found")
        #expect(try await alice.events(after: &cursor).isEmpty)
        // Somebody on no list can be let in or kept out before he comes.
        #expect(await alice.call("PATCH", "/contacts/erin@example.com", #"{"allowed":true}"#).status == 200)
        #expect(await alice.call("PATCH", "/contacts/nora@example.com", #"{"blocked":true}"#).status == 200)
        try await harness.stop()
    }

    @Test("DELETE takes off the forward list alone; who is on no list then is a contact no more")
    func remove() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await OpenedSession(harness)
        let server = try #require(harness.sandbox)
        var cursor = try await alice.cursor()
        let gone = await alice.call("DELETE", "/contacts/ECHO@example.com")
        #expect(gone.status == 204)
        #expect(gone.text.isEmpty)
        let echo = contact("echo", ["allow", "reverse"])
        #expect(try await alice.events(after: &cursor).map(Told.init) == [told("contact.updated", echo)])
        #expect(await alice.get("/contacts/echo@example.com").json == (try JSONValue(echo)), "offline, without numbers")
        #expect(await alice.call("DELETE", "/contacts/echo@example.com").status == 204)
        #expect(await alice.call("DELETE", "/contacts/nobody@example.com").status == 204)
        #expect(try await alice.events(after: &cursor).isEmpty)

        #expect(
            await server.edit(
                ListEdit(.add(name: "E"), "erin@example.com", on: .forward), of: "alice@example.com"))
        try await alice.fence()
        _ = try await alice.events(after: &cursor)
        #expect(await alice.call("DELETE", "/contacts/erin@example.com").status == 204)
        #expect(
            try await alice.events(after: &cursor).map(Told.init) == [
                told("contact.removed", contact("erin", [], displayName: "E"))
            ])
        #expect(await alice.get("/contacts/erin@example.com").status == 404)
        #expect(try await lists(harness)[.forward] == ["bob@example.com", "carol@example.com"])
        try await harness.stop()
    }

    @Test("Edits made elsewhere are told as our own are")
    func elsewhere() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await OpenedSession(harness)
        let server = try #require(harness.sandbox)
        _ = try await harness.signIn("erin@example.com")
        var cursor = try await alice.cursor()
        for (edit, expected) in [
            (
                ListEdit(.add(name: "Erin E"), "erin@example.com", on: .forward),
                [
                    told("contact.added", contact("erin", ["forward"], displayName: "Erin E")),
                    told(
                        "contact.updated",
                        contact("erin", ["forward"], displayName: "Erin E", phones: Self.noPages)),
                    told("contact.updated", contact("erin", ["forward"], phones: Self.noPages)),
                    Told(
                        "presence.changed",
                        #"{"account":"erin@example.com","displayName":"Erin","status":"online","previous":"offline"}"#),
                ]
            ),
            (
                ListEdit(.remove, "erin@example.com", on: .forward),
                [told("contact.removed", contact("erin", []))]
            ),
            (
                ListEdit(.add(name: "D"), "dave@example.com", on: .block),
                [told("contact.updated", contact("dave", ["block", "reverse"], blocked: true))]
            ),
            (
                ListEdit(.remove, "dave@example.com", on: .block),
                [
                    told("contact.updated", contact("dave", ["reverse"], pending: true))
                ]
            ),
            (
                ListEdit(.remove, "bob@example.com", on: .allow),
                [
                    told(
                        "contact.updated",
                        contact("bob", ["forward", "reverse"], pending: true, phones: Self.noPages))
                ]
            ),
        ] {
            #expect(await server.edit(edit, of: "alice@example.com"))
            try await alice.fence()
            let seen = try await alice.events(after: &cursor, "contact.*,presence.changed").map(Told.init)
            #expect(seen == expected, "\(edit)")
        }
        try await harness.stop()
    }

    @Test("Phone numbers of contacts: set, cleared, and hidden from who is blocked")
    func contactPhones() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await OpenedSession(harness)
        let bob = OpenedSession(harness, try await harness.signIn("bob@example.com"))
        try await alice.fence()
        var cursor = try await alice.cursor()
        #expect(await bob.call("PATCH", "/phones", #"{"home":"1 (555) 010 0199","work":"2"}"#).status == 200)
        #expect(await bob.call("PATCH", "/phones", #"{"work":null}"#).status == 200)
        try await alice.fence()
        let numbers = try await alice.events(after: &cursor).map { $0["data"]?["contact"]?["phones"] }
        #expect(
            numbers == [
                try JSONValue(#"{"home":"1 (555) 010 0199","mobileMessaging":false}"#),
                try JSONValue(#"{"home":"1 (555) 010 0199","mobileMessaging":false,"work":"2"}"#),
                try JSONValue(#"{"home":"1 (555) 010 0199","mobileMessaging":false}"#),
            ])
        try await harness.stop()
    }
}
