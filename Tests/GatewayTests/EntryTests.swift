import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// What `GET /v1` says, and to whom.
@Suite(.timeLimit(.minutes(5))) struct EntryTests {
    @Test("What is held against which backend is shown to an administrator's key, and to nobody else")
    func heldAgainst() async throws {
        let keys = try TestKeys()
        var script = Script.friendly
        script.close(on: "URL")
        let server = try await ScriptedServer.start(script)
        let harness = try GatewayHarness.with(server) {
            $0.timeouts.backoff.base = .milliseconds(1)
            $0.quirks = [.lacks(.directory)]
        } _: {
            $0.keys = keys.store
            $0.openSignIn = true
        }
        let admin = try keys.add("admin", [.admin])
        let mine = try keys.add("mine")
        func entry(_ credentials: String?) async throws -> JSONValue? {
            let answer = await harness.call("GET", "/v1", token: credentials)
            try #require(answer.status == 200)
            return answer.value("heldAgainst")
        }
        let said: JSONValue = .object([
            "backend": .string("scripted"), "command": .string("FND"), "cause": .string("operator"),
        ])
        #expect(try await entry(admin) == .array([said]))
        let alice = try await OpenedSession(harness)
        for attempt in 1...2 {
            #expect(await alice.get("/services/inbox").status == 503)
            try await server.received.first { $0.connection == attempt + 1 && $0.text.hasPrefix("CHG") }
            try await alice.reaches("online")
        }
        #expect(await alice.get("/services/inbox").code == "not-supported-by-backend")
        guard case .array(let held) = try await entry(admin) else { throw TestError("nothing is shown") }
        #expect(held.first == said && held.count == 2)
        let closed = try #require(held.last)
        #expect(closed["command"] == .string("URL") && closed["cause"] == .string("closed"))
        let until = try #require(closed["until"]?.text)
        let now = harness.clock.clock.now
        #expect(until > now.advanced(by: .seconds(23 * 3600)).text && until <= now.advanced(by: .seconds(86400)).text)
        for credentials in [nil, mine, alice.token, "mgk_nonsense"] {
            #expect(try await entry(credentials) == nil)
        }
        try await harness.stop()
        try await server.stop()
    }
}
