import Locking
import Loops
import MSNP
import TestSupport
import Testing

@testable import MSNPClient

/// What a backend is known not to take, by its configuration and by what its sessions saw.
@Suite(.timeLimit(.minutes(5))) struct QuirkTests {
    private func online(
        _ backend: Backend, _ events: Recorder<SessionEvent> = Recorder(),
        _ observer: @escaping @Sendable (SessionEvent) -> Void = { _ in }
    ) async throws -> NotificationSession {
        let session = NotificationSession(
            backend: backend, offer: SignInOffer(handle: "alice@example.com") { md5($0 + "correct horse") },
            status: .online, loop: TestLoops.next(), chance: { 0 }, digest: md5,
            observer: {
                observer($0)
                events.record($0)
            })
        session.start()
        try await events.first { $0 == .state(.online) }
        return session
    }

    @Test("A command on which the server closed twice is not sent again, by any session")
    func remembered() async throws {
        var script = Script.friendly
        script.close(on: "URL")
        let server = try await ScriptedServer.start(script)
        let backend = Backend(BackendConfiguration(name: "test", address: server.address))
        let request = SessionRequest.service("PROFILE", parameter: nil)
        let events = Recorder<SessionEvent>()
        let returns = Recorder<Int>()
        let first = try await online(backend, events) { if $0 == .state(.online) { returns.record(returns.all.count) } }
        await #expect(throws: RequestFailure.interrupted) { try await first.request(request) }
        #expect(backend.forbiddenCommands.isEmpty, "one close is no proof")
        try await returns.first { $0 == 1 }
        await #expect(throws: RequestFailure.interrupted) { try await first.request(request) }
        #expect(backend.forbiddenCommands == ["URL"])
        await first.signOut()
        let second = try await online(backend)
        await #expect(throws: RequestFailure.notSupported(command: "URL")) { try await second.request(request) }
        #expect(try await second.request(.setPresence(.away)) == .presence(.away))
        await second.signOut()
        #expect(server.received.all.count { $0.text.hasPrefix("URL") } == 2)
        try await server.stop()
    }

    /// A backend whose clock the test moves.
    private final class Watched: Sendable {
        private final class Clock: Sendable {
            let time = Locked(MonotonicInstant.now)
        }

        private let clock = Clock()
        let backend: Backend

        init() {
            let configuration = BackendConfiguration(name: "test", address: ServerAddress(host: "127.0.0.1"))
            backend = Backend(configuration) { [clock] in clock.time.withLock { $0 } }
        }

        func pass(_ amount: Duration) { clock.time.withLock { $0 = $0 + amount } }

        /// A session loses its connection.
        @discardableResult func lose(_ session: Session, _ trait: BackendTrait? = nil) -> LossWave {
            let wave = backend.noteLoss(of: ObjectIdentifier(session)) { session.told.record(()) }
            if let trait { backend.learn(trait, in: wave) }
            return wave
        }
    }

    private final class Session: Sendable {
        let told = Recorder<Void>()
    }

    @Test("Two closes within a day are held against a command, for a day")
    func closes() {
        let watched = Watched()
        let backend = watched.backend
        let alice = Session()
        watched.lose(alice, .closes(onCommand: "URL"))
        #expect(backend.forbiddenCommands.isEmpty, "one close is no proof")
        watched.pass(.seconds(24 * 3_600))
        watched.lose(alice, .closes(onCommand: "URL"))
        #expect(backend.forbiddenCommands.isEmpty, "nor are two of two days")
        watched.pass(.seconds(23 * 3_600))
        watched.lose(alice, .closes(onCommand: "URL"))
        #expect(backend.forbiddenCommands == ["URL"])
        watched.pass(.seconds(23 * 3_600))
        #expect(
            backend.unsupportedCommands == [
                UnsupportedCommand(command: "URL", cause: .closed, remaining: .seconds(3600))
            ])
        watched.pass(.seconds(1 * 3_600))
        #expect(backend.forbiddenCommands.isEmpty && backend.unsupportedCommands.isEmpty)
        watched.lose(alice, .closes(onCommand: "URL"))
        #expect(backend.forbiddenCommands.isEmpty, "it begins anew")
        watched.pass(.seconds(1 * 3_600))
        watched.lose(alice, .closes(onCommand: "URL"))
        #expect(backend.forbiddenCommands == ["URL"])
        backend.learn(.answers(command: "URL"))
        #expect(backend.forbiddenCommands.isEmpty)
        watched.lose(alice, .closes(onCommand: "URL"))
        watched.lose(alice, .closes(onCommand: "URL"))
        #expect(backend.forbiddenCommands.isEmpty, "it was answered once")
    }

    @Test("A session is told what is new, and each time what changes with time")
    func news() {
        let watched = Watched()
        let backend = watched.backend
        var lesson: UInt64 = 0
        #expect(backend.news(since: &lesson)?.keepalive == [])
        #expect(backend.news(since: &lesson) == nil)
        backend.learn(.keepalive(.answersPing))
        #expect(backend.news(since: &lesson)?.keepalive == [.answersPing])
        #expect(backend.news(since: &lesson) == nil)
        let alice = Session()
        for _ in 1...2 { watched.lose(alice, .closes(onCommand: "URL")) }
        for _ in 1...2 { #expect(backend.news(since: &lesson)?.commands.forbidden == ["URL"]) }
        watched.pass(.seconds(24 * 3_600))
        #expect(backend.news(since: &lesson)?.commands.forbidden == [])
    }

    @Test(
        "A close that was a restart, as other sessions show before or after, proves nothing", arguments: [true, false])
    func restart(isFirst: Bool) {
        let watched = Watched()
        let (alice, bob) = (Session(), Session())
        for _ in 1...5 {
            if !isFirst { watched.lose(bob) }
            watched.pass(.seconds(1))
            watched.lose(alice, .closes(onCommand: "FND"))
            watched.pass(.seconds(1))
            if isFirst { watched.lose(bob) }
            watched.pass(.seconds(10 * 60))
        }
        #expect(watched.backend.forbiddenCommands.isEmpty)
        // One alone is still one.
        watched.lose(alice, .closes(onCommand: "FND"))
        #expect(watched.backend.forbiddenCommands.isEmpty)
        watched.pass(.seconds(10 * 60))
        watched.lose(alice, .closes(onCommand: "FND"))
        #expect(watched.backend.forbiddenCommands == ["FND"])
        watched.lose(bob)
        #expect(watched.backend.forbiddenCommands.isEmpty, "it was a restart, as it turns out")
    }

    @Test("Pings likewise; an answer clears them")
    func pings() {
        let watched = Watched()
        let backend = watched.backend
        let alice = Session()
        watched.lose(alice, .keepalive(.closesOnPing))
        #expect(backend.keepaliveTraits.isEmpty)
        watched.lose(alice, .keepalive(.closesOnPing))
        #expect(backend.keepaliveTraits == [.closesOnPing])
        #expect(backend.forbiddenCommands.isEmpty, "an operator may have them sent all the same")
        #expect(backend.unsupportedCommands.map(\.command) == ["PNG"])
        watched.pass(.seconds(24 * 3_600))
        #expect(backend.keepaliveTraits.isEmpty)
        watched.lose(alice, .keepalive(.closesOnPing))
        backend.learn(.keepalive(.answersPing))
        watched.lose(alice, .keepalive(.closesOnPing))
        #expect(backend.keepaliveTraits == [.answersPing])
    }

    @Test("Of the first of a wave of losses, its session learns later that there were others; once")
    func waves() {
        let watched = Watched()
        let (alice, bob, carol) = (Session(), Session(), Session())
        #expect(!watched.lose(alice).isShared)
        #expect(!watched.lose(alice).isShared)
        watched.pass(LossWave.gap - .nanoseconds(1))
        #expect(watched.lose(bob).isShared)
        #expect(watched.lose(carol).isShared)
        #expect(alice.told.all.count == 1 && bob.told.all.isEmpty && carol.told.all.isEmpty)
        watched.pass(LossWave.gap)
        #expect(!watched.lose(alice).isShared, "that is another one")
    }

    @Test("What is held against a backend: the operator's word, closes, silence")
    func unsupported() {
        var configuration = BackendConfiguration(name: "test", address: ServerAddress(host: "127.0.0.1"))
        configuration.quirks = [.lacks(.directory), .displacesSilently]
        let backend = Backend(configuration)
        #expect(backend.unsupportedCommands == [UnsupportedCommand(command: "FND", cause: .operator, remaining: nil)])
        backend.learn(.keepalive(.ignoresPing))
        for _ in 1...ConversationLimits.ignoredMessages { backend.learn(.answersMessages(false)) }
        #expect(
            backend.unsupportedCommands == [
                UnsupportedCommand(command: "FND", cause: .operator, remaining: nil),
                UnsupportedCommand(command: "MSG", cause: .unanswered, remaining: nil),
                UnsupportedCommand(command: "PNG", cause: .unanswered, remaining: nil),
            ])
    }

    @Test("One that was answered before is sent again")
    func answeredBefore() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let backend = Backend(BackendConfiguration(name: "test", address: server.address))
        let request = SessionRequest.service("PROFILE", parameter: nil)
        let first = try await online(backend)
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
        let session = try await online(Backend(configuration))
        server.drop()
        let again = try await server.received.first { $0.connection == 2 && $0.text.hasPrefix("SYN") }
        #expect(again.text == (areKept ? "SYN 5 3" : "SYN 5 0"))
        await session.signOut()
        try await server.stop()
    }

    @Test("What the operator lists is never sent")
    func configured() async throws {
        let server = try await ScriptedServer.start(.friendly)
        var configuration = BackendConfiguration(name: "test", address: server.address)
        configuration.quirks = [.lacks(.rename)]
        let session = try await online(Backend(configuration))
        let name = try DisplayName(validating: "A")
        await #expect(throws: RequestFailure.notSupported(command: "REA")) { try await session.request(.rename(name)) }
        await session.signOut()
        #expect(!server.received.all.contains { $0.text.hasPrefix("REA") })
        try await server.stop()
    }
}
