import HTTPFront
import MSNPClient
import MSNPSandbox
import Testing

@testable import Gateway

@Suite("A server that takes one command for each read", .timeLimit(.minutes(5)))
struct PacingTests {
    private func harness() async throws -> GatewayHarness {
        try await GatewayHarness.withSandbox(
            server: { $0.takesOneCommandPerRead = true }, backend: { $0.quirks = [] })
    }

    @Test("Messages that are sent all at once arrive, each once and in order, and typing gives way to them")
    func messages() async throws {
        let harness = try await harness()
        let alice = try await harness.signIn("alice@example.com")
        let bob = try await harness.signIn("bob@example.com")
        let texts = (1...30).map { "number \($0)" }
        let path = "/v1/sessions/\(alice.id)"
        let first = await harness.call(
            "POST", path + "/messages", token: alice.token, json: #"{"to":"bob@example.com","text":"hi"}"#)
        let conversation = try first.string("message", "conversationId")
        for text in texts {
            let answer = await harness.call(
                "POST", path + "/conversations/\(conversation)/messages", token: alice.token,
                json: #"{"text":"\#(text)"}"#, headers: [("Prefer", "respond-async")])
            #expect(answer.status == 202)
            _ = await harness.call("POST", path + "/conversations/\(conversation)/typing", token: alice.token)
        }
        var heard: [String] = []
        var cursor = "oldest"
        while heard.count <= texts.count {
            let page = await harness.call(
                "GET", "/v1/sessions/\(bob.id)/events?after=\(cursor)&types=message.received&wait=50", token: bob.token)
            cursor = try page.string("next")
            for index in 0..<page.types.count { heard.append(try page.string("events", "\(index)", "data", "text")) }
        }
        #expect(heard == ["hi"] + texts)
        try await harness.stop()
    }

    @Test("Everybody who is called into a group is called, and a name and a status set at once are both set")
    func groups() async throws {
        let harness = try await harness()
        let alice = try await harness.signIn("alice@example.com")
        _ = try await harness.signIn("bob@example.com")
        _ = try await harness.signIn("carol@example.com")
        let path = "/v1/sessions/\(alice.id)"
        let group = await harness.call(
            "POST", path + "/conversations", token: alice.token,
            json: #"{"participants":["bob@example.com","carol@example.com"]}"#)
        #expect(group.status == 201, "\(group.text)")
        #expect(
            Set([try group.string("participants", "0", "account"), try group.string("participants", "1", "account")])
                == ["bob@example.com", "carol@example.com"])
        let renamed = harness.begin(
            "PATCH", path, token: alice.token, body: Array(#"{"displayName":"A"}"#.utf8))
        let busy = harness.begin(
            "PUT", path + "/presence", token: alice.token, body: Array(#"{"status":"busy"}"#.utf8))
        let privacy = harness.begin(
            "PUT", path + "/privacy", token: alice.token,
            body: Array(#"{"unknownContacts":"block","promptOnAdd":true}"#.utf8))
        #expect(await renamed.answer().status == 200)
        #expect(await busy.answer().status == 200)
        #expect(await privacy.answer().status == 200)
        try await harness.stop()
    }
}
