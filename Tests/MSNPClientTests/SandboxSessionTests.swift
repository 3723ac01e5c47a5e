import Digests
import Encodings
import MSNP
import MSNPClient
import MSNPSandbox
import TestSupport
import Testing

/// The client against the sandbox: two pieces that were written from the documents and not from each other.
@Suite(.timeLimit(.minutes(5))) struct SandboxSessionTests {
    private func sandbox(_ dialect: Dialect = .msnp6) async throws -> MSNPSandbox.Server {
        var configuration = MSNPSandbox.Configuration()
        configuration.port = 0
        configuration.newestDialect = dialect
        configuration.robot = nil
        return try await MSNPSandbox.Server.start(configuration)
    }

    private func signIn(
        _ account: String, at sandbox: MSNPSandbox.Server, password: String = "sandbox"
    ) -> (NotificationSession, Recorder<SessionEvent>) {
        let digest: @Sendable (String) -> String = { text in
            var digest = MD5()
            digest.update(text)
            return Hexadecimal.encode(digest.finish())
        }
        let events = Recorder<SessionEvent>()
        let session = NotificationSession(
            backend: Backend(BackendConfiguration(name: "sandbox", address: sandbox.dispatchAddress)),
            offer: SignInOffer(handle: account) { digest($0 + password) }, status: .online,
            loop: TestLoops.next(), digest: digest,
            observer: { events.record($0) })
        session.start()
        return (session, events)
    }

    @Test("Two people see each other come, change their name and status, and go")
    func twoPeople() async throws {
        let sandbox = try await sandbox()
        let (alice, aliceSees) = signIn("alice@example.com", at: sandbox)
        try await aliceSees.first { $0 == .state(.online) }
        let (bob, bobSees) = signIn("bob@example.com", at: sandbox)
        try await bobSees.first { $0 == .initialPresence(.online, handle: "alice@example.com", name: "Alice") }
        try await aliceSees.first { $0 == .presence(.online, handle: "bob@example.com", name: "Bob") }
        _ = try await bob.request(.setPresence(.onThePhone))
        try await aliceSees.first { $0 == .presence(.onThePhone, handle: "bob@example.com", name: "Bob") }
        _ = try await alice.request(.rename(try DisplayName(validating: "Zoë ☕ 100% +\u{3000}")))
        try await bobSees.first {
            $0 == .presence(.online, handle: "alice@example.com", name: "Zoë ☕ 100% +\u{3000}")
        }
        await bob.signOut()
        try await aliceSees.first { $0 == .presence(.offline, handle: "bob@example.com", name: nil) }
        await alice.signOut()
        await sandbox.shutdown()
    }

    @Test("Every dialect that the client offers", arguments: [Dialect.msnp4, .msnp5, .msnp6])
    func dialects(dialect: Dialect) async throws {
        let sandbox = try await sandbox(dialect)
        let (alice, events) = signIn("alice@example.com", at: sandbox)
        try await events.first { $0 == .state(.online) }
        #expect(events.all.contains(.negotiated(dialect)))
        try await events.first {
            if case .profile = $0 { true } else { false }
        }
        await alice.signOut()
        await sandbox.shutdown()
    }

    @Test(
        "Refusals",
        arguments: [
            ("alice@example.com", "wrong", 911 as ErrorCode), ("nobody@example.com", "sandbox", 911),
            ("kid@example.com", "sandbox", 923), ("nora@example.com", "sandbox", 924),
        ])
    func refusals(account: String, password: String, code: ErrorCode) async throws {
        let sandbox = try await sandbox()
        let (_, events) = signIn(account, at: sandbox, password: password)
        try await events.first { $0 == .ended(.refused(code, command: "USR")) }
        await sandbox.shutdown()
    }

    @Test("The faults that a server can have, and what they come to")
    func faults() async throws {
        let sandbox = try await sandbox()
        let (_, kicked) = signIn("alice@example.com", at: sandbox)
        try await kicked.first { $0 == .state(.online) }
        #expect(await sandbox.order(.kick, account: "alice@example.com"))
        try await kicked.first { $0 == .ended(.signedInElsewhere) }
        for (fault, loss) in [(Fault.shutdown, SessionEnd.serverShutdown), (.drop, .connectionLost)] {
            let (session, events) = signIn("alice@example.com", at: sandbox)
            try await events.first { $0 == .state(.online) }
            #expect(await sandbox.order(fault, account: "alice@example.com"))
            try await events.first { if case .reconnecting(loss, _) = $0 { true } else { false } }
            await session.signOut()
        }
        #expect(await sandbox.order(.busy, account: "alice@example.com", count: 1))
        let (_, refused) = signIn("alice@example.com", at: sandbox)
        try await refused.first { $0 == .ended(.refused(600, command: "USR")) }

        let (alice, events) = signIn("alice@example.com", at: sandbox)
        try await events.first { $0 == .state(.online) }
        #expect(await sandbox.order(.malformed, account: "alice@example.com"))
        #expect(await sandbox.order(.challenge, account: "alice@example.com"))
        #expect(try await alice.request(.setPresence(.busy)) == .presence(.busy), "none of it did harm")
        // The challenge came ahead of that answer, so its own answer goes ahead of this request.
        #expect(try await alice.request(.setPresence(.away)) == .presence(.away))
        #expect(await sandbox.order(.wrongChallenge, account: "alice@example.com", count: 1))
        #expect(await sandbox.order(.challenge, account: "alice@example.com"))
        try await events.first { $0 == .ended(.challengeFailed) }
        await sandbox.shutdown()
    }
}
