import Locking
import MSNP
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import MSNPClient

/// What a backend is known not to take, by its configuration and by what its sessions saw.
@Suite(.timeLimit(.minutes(5))) struct QuirkTests {
    private func online(
        _ backend: Backend, _ events: Recorder<SessionEvent> = Recorder()
    ) async -> NotificationSession {
        let session = NotificationSession(
            backend: backend, offer: SignInOffer(handle: "alice@example.com") { md5($0 + "correct horse") },
            status: .online, eventLoop: MultiThreadedEventLoopGroup.singleton.next(), chance: { 0 }, digest: md5,
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

    @Test("One close is held against a command for an hour, and one more after that for good")
    func suspicion() {
        let time = Locked(NIODeadline.uptimeNanoseconds(1))
        let address = ServerAddress(host: "127.0.0.1", port: 1863)
        let backend = Backend(BackendConfiguration(name: "test", address: address)) { time.withLock { $0 } }
        // A restart that many sessions see at once is one close.
        for _ in 1...3 { backend.learn(.closes(onCommand: "URL")) }
        #expect(backend.forbiddenCommands == ["URL"])
        time.withLock { $0 = $0 + .minutes(59) }
        backend.learn(.closes(onCommand: "URL"))
        #expect(backend.forbiddenCommands == ["URL"])
        time.withLock { $0 = $0 + .minutes(1) }
        #expect(backend.forbiddenCommands.isEmpty)
        backend.learn(.closes(onCommand: "URL"))
        time.withLock { $0 = $0 + .hours(1_000) }
        #expect(backend.forbiddenCommands == ["URL"])
        backend.learn(.answers(command: "URL"))
        #expect(backend.forbiddenCommands.isEmpty)
        backend.learn(.closes(onCommand: "URL"))
        #expect(backend.forbiddenCommands.isEmpty, "it was answered once")
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

    @Test("List versions that mean nothing are not offered at the next sign-in", arguments: [true, false])
    func listVersions(areKept: Bool) async throws {
        let server = try await ScriptedServer.start(.friendly)
        var configuration = BackendConfiguration(name: "test", address: server.address)
        if !areKept { configuration.quirks = [.forgetsListVersions] }
        let session = await online(Backend(configuration))
        server.drop()
        let again = await server.received.first { $0.connection == 2 && $0.text.hasPrefix("SYN") }
        #expect(again.text == (areKept ? "SYN 5 3" : "SYN 5 0"))
        await session.signOut()
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
