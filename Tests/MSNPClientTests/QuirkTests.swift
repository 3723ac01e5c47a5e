import MSNP
import MSNPClient
import NIOPosix
import TestSupport
import Testing

/// What a backend is known not to take, by its configuration and by what its sessions saw.
@Suite(.timeLimit(.minutes(1))) struct QuirkTests {
    private func online(_ backend: Backend) async -> NotificationSession {
        let events = Recorder<SessionEvent>()
        let session = NotificationSession(
            backend: backend, offer: SignInOffer(handle: "alice@example.com") { md5($0 + "correct horse") },
            status: .online, eventLoop: MultiThreadedEventLoopGroup.singleton.next(), digest: md5,
            observer: { events.record($0) })
        session.start()
        await events.first { $0 == .state(.online) }
        return session
    }

    @Test("A command on which the server closed is not sent again, by any session")
    func remembered() async throws {
        var script = Script.friendly
        script.close(on: "URL")
        let server = try await ScriptedServer.start(script)
        let backend = Backend(BackendConfiguration(name: "test", address: server.address))
        let request = SessionRequest.service("PROFILE", parameter: nil)
        let first = await online(backend)
        await #expect(throws: RequestFailure.interrupted) { try await first.request(request) }
        await first.signOut()
        #expect(backend.forbiddenCommands == ["URL"])
        let second = await online(backend)
        await #expect(throws: RequestFailure.notSupported(command: "URL")) { try await second.request(request) }
        #expect(try await second.request(.setPresence(.away)) == .presence(.away))
        await second.signOut()
        #expect(server.received.all.count { $0.text.hasPrefix("URL") } == 1)
        try await server.stop()
    }

    @Test("One that was answered before is sent again")
    func answeredBefore() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let backend = Backend(BackendConfiguration(name: "test", address: server.address))
        let request = SessionRequest.service("PROFILE", parameter: nil)
        let first = await online(backend)
        _ = try await first.request(request)
        server.change { $0.close(on: "URL") }
        await #expect(throws: RequestFailure.interrupted) { try await first.request(request) }
        await first.signOut()
        #expect(backend.forbiddenCommands.isEmpty)
        try await server.stop()
    }

    @Test("What the operator lists is never sent")
    func configured() async throws {
        let server = try await ScriptedServer.start(.friendly)
        var configuration = BackendConfiguration(name: "test", address: server.address)
        configuration.quirks = [.lacks(.rename)]
        let session = await online(Backend(configuration))
        let name = try DisplayName(validating: "A")
        await #expect(throws: RequestFailure.notSupported(command: "REA")) { try await session.request(.rename(name)) }
        await session.signOut()
        #expect(!server.received.all.contains { $0.text.hasPrefix("REA") })
        try await server.stop()
    }
}
