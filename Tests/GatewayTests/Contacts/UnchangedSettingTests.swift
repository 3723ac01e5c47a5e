import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// Settings that are as wanted are not sent again, on whichever way they are asked for.
@Suite(.timeLimit(.minutes(5))) struct UnchangedSettingTests {
    private static let signIn =
        #"{"account":"alice@example.com","password":"sandbox","displayName":"Alice","status":"online"}"#

    /// What the server got besides what each connection begins with.
    private func sent(_ server: ScriptedServer) -> [String] {
        server.received.all.map(\.text).filter { line in
            !["VER", "INF", "USR", "SYN", "URL"].contains { line.hasPrefix($0) }
        }
    }

    @Test("PUT, PATCH, both kinds of sign-in, and a reconnect: one CHG for each connection and nothing else")
    func unchanged() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let harness = try GatewayHarness.with(server) { $0.timeouts.backoff.base = .milliseconds(1) }
        let opened = await harness.call("POST", "/v1/sessions", json: Self.signIn)
        #expect(opened.status == 201)
        let alice = OpenedSession(harness, (try opened.string("session", "id"), try opened.string("token")))
        func repeatEverything() async {
            #expect(await harness.call("POST", "/v1/sessions", json: Self.signIn).status == 200)
            #expect(await alice.call("PATCH", "", #"{"displayName":"Alice"}"#).status == 200)
            #expect(await alice.call("PUT", "/presence", #"{"status":"online"}"#).status == 200)
            let privacy = await alice.call("PUT", "/privacy", #"{"unknownContacts":"allow","promptOnAdd":true}"#)
            #expect(privacy.status == 200)
            #expect(privacy.text == #"{"promptOnAdd":true,"unknownContacts":"allow"}"#)
        }
        await repeatEverything()
        #expect(sent(server) == ["CHG 6 NLN"])
        server.say("OUT SSD")
        try await server.received.first { $0.connection == 2 && $0.text.hasPrefix("CHG") }
        try await alice.reaches("online")
        await repeatEverything()
        #expect(sent(server) == ["CHG 6 NLN", "CHG 6 NLN"])
        try await harness.stop()
        try await server.stop()
    }

    @Test("A PATCH of phones whose answers lack the list version goes on to the next field")
    func shortenedPhones() async throws {
        var script = Script.friendly
        script.answers["PRP"] = { frame in [.line("PRP \(frame.parameters.joined(separator: " "))")] }
        let server = try await ScriptedServer.start(script)
        let harness = try GatewayHarness.with(server)
        let alice = try await OpenedSession(harness)
        let answer = await alice.call("PATCH", "/phones", #"{"home":"555","work":"556","mobileMessaging":true}"#)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(try answer.string("home") == "555" && answer.string("work") == "556")
        #expect(answer.value("mobileMessaging") == .bool(true))
        try await harness.stop()
        try await server.stop()
    }
}
