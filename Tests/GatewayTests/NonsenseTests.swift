import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// Answers that make no sense end their call at once, and what made no sense is said.
@Suite(.timeLimit(.minutes(5))) struct NonsenseTests {
    private static let message = #"{"to":"bob@example.com","text":"hi"}"#

    @Test(
        "A call whose answer makes no sense is 502 with the line, long before it would have waited in vain",
        arguments: [
            ("XFR", "XFR # SB host:99999 CKI x", "POST", "/messages", message, "XFR 8 SB host:99999 CKI <blanked>"),
            ("XFR", "XFR # SB", "POST", "/messages", message, "XFR 8 SB"),
            ("XFR", "XFR # SB", "POST", "/conversations", #"{"participants":["bob@example.com"]}"#, "XFR 8 SB"),
            ("REA", "REA # xyz", "PATCH", "", #"{"displayName":"Al"}"#, "REA 8 xyz"),
            ("BLP", "BLP # 4 XX", "PUT", "/privacy", #"{"unknownContacts":"block","promptOnAdd":true}"#, "BLP 8 4 XX"),
            ("ADD", "ADD # QL 4 x", "PUT", "/contacts/carol@example.com", "{}", "ADD 8 QL 4 x"),
            ("CHG", "CHG # XYZ", "PUT", "/presence", #"{"status":"busy"}"#, "CHG 8 XYZ"),
            ("PRP", "PRP # 4 PHX 1", "PATCH", "/phones", #"{"home":"555"}"#, "PRP 8 4 PHX 1"),
        ])
    func calls(
        command: String, answer: String, method: String, path: String, body: String, shown: String
    ) async throws {
        let server = try await ScriptedServer.start(.friendly)
        // Longer than this test may last.
        let harness = try GatewayHarness.with(server) {
            $0.timeouts.request = .seconds(1000)
            $0.timeouts.transfer = .seconds(1000)
        }
        let alice = try await OpenedSession(harness)
        try await alice.fence()
        server.change { $0.answer(command, answer) }
        let refused = await alice.call(method, path, body)
        #expect(refused.status == 502, "\(refused.text)")
        #expect(refused.code == "backend-protocol-error")
        #expect(try refused.string("detail").hasSuffix(": \(shown)"), "\(refused.text)")
        #expect(try await alice.get().string("state") == "online")
        try await harness.stop()
        try await server.stop()
    }

    @Test("A sign-in likewise")
    func signIn() async throws {
        var script = Script.friendly
        script.answer("SYN", "SYN # many")
        let server = try await ScriptedServer.start(script)
        let harness = try GatewayHarness.with(server) { $0.timeouts.signInStep = .seconds(1000) }
        let refused = await harness.call(
            "POST", "/v1/sessions", json: #"{"account":"alice@example.com","password":"sandbox"}"#)
        #expect(refused.status == 502)
        #expect(refused.code == "backend-protocol-error")
        #expect(try refused.string("detail").hasSuffix(": SYN 5 many"))
        #expect(try refused.string("reason") == "protocolError")
        try await harness.stop()
        try await server.stop()
    }

    @Test("A switchboard's likewise", arguments: [("USR", "USR # ???"), ("CAL", "CAL # ???")])
    func switchboard(command: String, answer: String) async throws {
        var script = Script.switchboard
        script.answer(command, answer)
        let board = try await ScriptedServer.start(script)
        let server = try await ScriptedServer.start(.friendly(switchboard: board.address))
        let harness = try GatewayHarness.with(server) {
            $0.conversationTimeouts.entering = .seconds(1000)
            $0.conversationTimeouts.joining = .seconds(1000)
        }
        let alice = try await OpenedSession(harness)
        let refused = await alice.call("POST", "/messages", Self.message)
        #expect(refused.status == 502)
        #expect(refused.code == "backend-protocol-error")
        #expect(try refused.string("detail").contains("\(command) with what makes no sense"))
        try await harness.stop()
        try await board.stop()
        try await server.stop()
    }
}
