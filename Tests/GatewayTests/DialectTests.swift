import MSNP
import MSNPClient
import MSNPSandbox
import TestSupport
import Testing

@testable import Gateway

/// Sessions that speak less than MSNP6: what the dialect lacks is absent or 409, and all else is whole.
@Suite(.timeLimit(.minutes(5))) struct DialectTests {
    @Test(
        "Everything that a session can do, in each dialect that is offered", arguments: [Dialect.msnp6, .msnp5, .msnp4])
    func whole(dialect: Dialect) async throws {
        let harness = try await GatewayHarness.withSandbox(
            server: { $0.newestDialect = dialect },
            backend: {
                $0.timeouts.backoff.base = .milliseconds(5)
                $0.timeouts.displacement = .zero
            })
        let server = try #require(harness.sandbox)
        let alice = try await OpenedSession(harness)
        let first = await alice.get("/snapshot")
        let hasPhones = dialect >= .msnp5
        #expect(try first.string("session", "protocol") == dialect.name)
        #expect(first.value("session", "verified") == (dialect >= .msnp6 ? .bool(true) : nil))
        #expect((first.value("phones") != nil) == hasPhones)
        #expect(first.value("privacy") != nil)
        #expect(try await alice.get("/profile").string("country") == "US")

        for account in ["erin", "nora"] {
            #expect(await alice.call("PUT", "/contacts/\(account)@example.com").status == 201)
        }
        #expect(await alice.call("PATCH", "/contacts/dave@example.com", #"{"allowed":true}"#).status == 200)
        #expect(await alice.call("PATCH", "/contacts/nora@example.com", #"{"blocked":true}"#).status == 200)
        #expect(await alice.call("DELETE", "/contacts/bob@example.com").status == 204)
        #expect(await alice.call("PUT", "/contacts/carol@example.com", #"{"displayName":"C"}"#).status == 200)
        let settings = #"{"unknownContacts":"block","promptOnAdd":false}"#
        #expect(await alice.call("PUT", "/privacy", settings).status == 200)
        #expect(await alice.call("PUT", "/presence", #"{"status":"away"}"#).status == 200)
        #expect(await alice.call("PATCH", "", #"{"displayName":"Alice A."}"#).status == 200)
        let toAlice = ListEdit(.add(name: "Alice"), "alice@example.com", on: .forward)
        #expect(await server.edit(toAlice, of: "uma@example.com"))

        let numbers = await alice.call("PATCH", "/phones", #"{"home":"1"}"#)
        let read = await alice.get("/phones")
        if hasPhones {
            #expect(numbers.status == 200)
            #expect(read.value("home") == .string("1"))
        } else {
            for answer in [numbers, read, await alice.call("PATCH", "/phones", "{}")] {
                #expect(answer.status == 409)
                #expect(answer.code == "service-unavailable-in-dialect")
                #expect(try answer.string("detail").contains("MSNP4"))
            }
        }
        for service in Service.allCases {
            let to = service == .compose ? "?to=bob@example.com" : ""
            let answer = await alice.get("/services/\(service.rawValue)\(to)")
            #expect(answer.status == (service.since <= dialect ? 200 : 409), "\(service): \(answer.text)")
            if answer.status == 409 { #expect(answer.code == "service-unavailable-in-dialect") }
        }
        #expect(await alice.get("/services").text.contains("profile") == (dialect >= .msnp6))
        // Challenges came with MSNP6.
        #expect(await server.order(.challenge, account: "alice@example.com") == (dialect >= .msnp6))

        // A loss, and back to the same.
        #expect(await server.order(.drop, account: "alice@example.com"))
        let cursor = try first.string("cursor")
        while try await !alice.history(after: cursor).contains(where: {
            $0["data"]?["state"] == .string("reconnecting")
        }) { await Task.yield() }
        try await alice.reaches("online")
        var truth = try #require(await server.account("alice@example.com"))
        while truth.lists[.allow]?.contains("uma@example.com") != true {
            try await alice.fence()
            truth = try #require(await server.account("alice@example.com"))
        }
        try await alice.fence()
        let last = await alice.get("/snapshot")
        let end = try EventReducer(last)
        var state = try EventReducer(first)
        let history = try await alice.history(after: cursor)
        try state.follow(history)
        #expect(state == end)
        for list in ListName.allCases {
            let contacts = await alice.get("/contacts?list=\(list.word)")
            for account in truth.lists[list] ?? [] { #expect(contacts.text.contains(account)) }
        }
        #expect(end.session["displayName"] == .string("Alice A."))
        #expect(end.session["status"] == .string("away"))
        #expect(end.privacy == (try JSONValue(settings)))
        if !hasPhones {
            let everything = first.text + last.text + history.map { "\($0)" }.joined()
            #expect(!everything.contains("phones"), "a dialect without numbers shows none, and no place for them")
        }
        let sent = await alice.get("/events?after=oldest&wait=0&limit=500")
        #expect(sent.status == 200)
        try await harness.stop()
    }

    @Test("A server that speaks MSNP3 at most has no dialect in common", arguments: [Dialect.msnp2, .msnp3])
    func tooOld(dialect: Dialect) async throws {
        let harness = try await GatewayHarness.withSandbox(dialect: dialect)
        let answer = await harness.call(
            "POST", "/v1/sessions", json: #"{"account":"alice@example.com","password":"sandbox"}"#)
        #expect(answer.status == 502)
        #expect(answer.code == "backend-protocol-error")
        #expect(try answer.string("reason") == "noCommonVersion")
        try await harness.stop()
    }
}
