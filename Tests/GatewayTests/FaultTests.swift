import MSNP
import MSNPClient
import MSNPSandbox
import TestSupport
import Testing

@testable import Gateway

/// The sandbox's faults, as HTTP sees them: what is final, and what passes.
@Suite(.timeLimit(.minutes(5))) struct FaultTests {
    private func open(_ harness: GatewayHarness) async throws -> (OpenedSession, MSNPSandbox.Server) {
        let alice = try await OpenedSession(harness)
        return (alice, try #require(harness.sandbox))
    }

    private func harness() async throws -> GatewayHarness {
        try await GatewayHarness.withSandbox(
            server: { _ in },
            backend: {
                $0.timeouts.backoff.base = .milliseconds(5)
                $0.timeouts.backoff.longest = .milliseconds(50)
            })
    }

    private func states(_ alice: OpenedSession) async throws -> [String] {
        try await alice.history(after: "oldest").compactMap { event in
            guard event["type"] == .string("session.state"), let state = event["data"]?["state"]?.text else {
                return nil
            }
            return state + (event["data"]?["reason"]?.text.map { " \($0)" } ?? "")
        }
    }

    @Test(
        "Final: the session ends with the reason, says so from then on, and never signs in again",
        arguments: [(Fault.kick, "signedInElsewhere"), (.wrongChallenge, "challengeFailed")])
    func final(fault: Fault, reason: String) async throws {
        let harness = try await harness()
        let (alice, server) = try await open(harness)
        #expect(await server.order(fault, account: "alice@example.com"))
        if fault == .wrongChallenge { #expect(await server.order(.challenge, account: "alice@example.com")) }
        try await alice.reaches("ended")
        #expect(try await states(alice).last == "ended \(reason)")
        let all = try await states(alice)
        #expect(!all.contains { $0.hasPrefix("reconnecting") })
        #expect(try await alice.get().string("reason") == reason)
        let poll = await alice.get("/events")
        #expect(poll.value("ended") == .bool(true))
        #expect(await alice.call("PUT", "/contacts/erin@example.com").code == "session-ended")
        // Whoever signs in as alice now is not thrown out by a session that comes back.
        let again = try await OpenedSession(harness)
        #expect(again.id != alice.id)
        try await again.fence()
        #expect(try await again.get().string("state") == "online")
        try await harness.stop()
    }

    @Test("Passing: the session comes back by itself", arguments: [Fault.shutdown, .drop])
    func passing(fault: Fault) async throws {
        let harness = try await harness()
        let (alice, server) = try await open(harness)
        #expect(await alice.call("PUT", "/presence", #"{"status":"lunch"}"#).status == 400)
        #expect(await alice.call("PUT", "/presence", #"{"status":"outToLunch"}"#).status == 200)
        // Busy at first: that passes too.
        #expect(await server.order(.busy, account: "alice@example.com", count: 2))
        #expect(await server.order(fault, account: "alice@example.com"))
        var seen: [String] = []
        while seen.last != "online" {
            seen = try await states(alice).drop { !$0.hasPrefix("reconnecting") }.map(\.self)
        }
        let reason = fault == .shutdown ? "serverShutdown" : "connectionLost"
        #expect(
            seen == [
                "reconnecting \(reason)", "reconnecting signInRefused", "reconnecting signInRefused", "online",
            ])
        #expect(try await alice.get().string("status") == "outToLunch")
        try await alice.fence()
        try await harness.stop()
    }

    /// The sample of the commands that went to the server.
    private func commandsSent(_ harness: GatewayHarness) async -> Substring? {
        await harness.call("GET", "/metrics").text.split(separator: "\n").first {
            $0.hasPrefix(#"msnp_gateway_msnp_commands_total{backend="sandbox",direction="out"}"#)
        }
    }

    @Test("Commands that the server swallows are 504, lines that make no sense pass by, and the session goes on")
    func troubled() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let (alice, server) = try await open(harness)
        // The answer to the challenge of the sign-in is not to be what is swallowed.
        try await alice.fence()
        #expect(await server.order(.stall, account: "alice@example.com", count: 1))
        let before = await commandsSent(harness)
        let call = alice.begin("PUT", "/contacts/erin@example.com")
        while await commandsSent(harness) == before { await Task.yield() }
        try await harness.pass(FlowTimeouts().request, session: alice.id)
        let answer = await call.answer()
        #expect(answer.status == 504)
        #expect(try answer.string("detail").contains("ADD"))
        let lists = try EventReducer(await alice.get("/snapshot"))
        #expect(await server.order(.malformed, account: "alice@example.com"))
        try await alice.fence()
        #expect(try EventReducer(await alice.get("/snapshot")) == lists)
        #expect(await alice.call("PUT", "/contacts/erin@example.com").status == 201)
        try await harness.stop()
    }
}
