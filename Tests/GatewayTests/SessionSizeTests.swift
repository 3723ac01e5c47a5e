import Locking
import MSNP
import TestSupport
import Testing

@testable import Gateway

/// What there is of thousands of sessions at once.
@Suite(.timeLimit(.minutes(5))) struct SessionSizeTests {
    @Test("What few sessions need is made when they do, once")
    func parts() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("alice@example.com")
        try await harness.settle(alice.id, token: alice.token)
        let session = try #require(harness.gateway.registry.session(alice.id))
        #expect(session.madeOutbox.made == nil)
        #expect(session.madeTraces.made == nil)
        #expect(!session.isTraced)
        let sent = await harness.call(
            "POST", "/v1/sessions/\(alice.id)/messages", token: alice.token,
            json: #"{"to":"echo@example.com","text":"hi"}"#)
        #expect(sent.status == 201 || sent.status == 202, "\(sent.text)")
        #expect(session.madeOutbox.made === session.outbox)
        #expect(session.traces === session.traces)
        #expect(session.edits === session.edits)
        try await harness.stop()
    }

    @Test("A name that the server spells as it was typed is kept once, and spelled otherwise as the server does")
    func spelling() async throws {
        let harness = try await GatewayHarness.withSandbox()
        let alice = try await harness.signIn("Alice@Example.com")
        let session = try #require(harness.gateway.registry.session(alice.id))
        #expect(session.account == "Alice@Example.com")
        #expect(
            try await harness.call("GET", "/v1/sessions/\(alice.id)", token: alice.token).string("account")
                == session.state.withLock { $0.record.account })
        try await harness.stop()
    }

    @Test("What is said of an absence is kept while there is one")
    func absence() {
        var record = SessionRecord(
            id: "s", account: "alice@example.com", backend: "b", createdAt: Timestamp(milliseconds: 0),
            journal: Journal(sessionID: "s", epoch: "abcdefgh", limits: JournalLimits()))
        record.apply(.state(.online), at: Timestamp(milliseconds: 1), uptime: .zero)
        #expect(record.absence == nil)
        record.apply(
            .reconnecting(.serverClosed, after: .seconds(2)), at: Timestamp(milliseconds: 1_000), uptime: .seconds(1))
        #expect(record.retryAt == Timestamp(milliseconds: 3_000))
        #expect(record.retryUptime == .seconds(3))
        record.apply(.state(.online), at: Timestamp(milliseconds: 4_000), uptime: .seconds(4))
        #expect(record.retryAt == nil && record.absence == nil)
        record.apply(.ended(.signedOut), at: Timestamp(milliseconds: 5_000), uptime: .seconds(5))
        #expect(record.end == .signedOut)
        #expect(record.endedAt == Timestamp(milliseconds: 5_000))
        #expect(record.deletedAt == nil)
    }

    @Test("What a session holds of its state takes little")
    func size() {
        #expect(MemoryLayout<SessionRecord>.size <= 584)
        #expect(MemoryLayout<Session.State>.size <= 690)
    }
}
