import Digests
import Encodings
import Locking
import Loops
import MSNP
import TestSupport
import Testing

@testable import MSNPClient

/// Lost connections on real sockets.
@Suite(.timeLimit(.minutes(5))) struct ReconnectingSessionTests {
    private func start(
        _ address: ServerAddress, now: @escaping @Sendable () -> MonotonicInstant,
        _ configure: (inout BackendConfiguration) -> Void = { _ in }
    ) -> (session: NotificationSession, events: Recorder<SessionEvent>, backend: Backend, returns: Recorder<Int>) {
        var configuration = BackendConfiguration(name: "test", address: address)
        configuration.timeouts.backoff.base = .milliseconds(10)
        configuration.timeouts.goodbye = .milliseconds(50)
        configure(&configuration)
        let backend = Backend(configuration, now: now)
        let events = Recorder<SessionEvent>()
        let returns = Recorder<Int>()
        let digest: @Sendable (String) -> String = { text in
            var digest = MD5()
            digest.update(text)
            return Hexadecimal.encode(digest.finish())
        }
        let session = NotificationSession(
            backend: backend, offer: SignInOffer(handle: "alice@example.com") { digest($0 + "correct horse") },
            status: .online, loop: TestLoops.next(), digest: digest,
            observer: { event in
                events.record(event)
                if event == .state(.online) { returns.record(returns.all.count + 1) }
            })
        session.start()
        return (session, events, backend, returns)
    }

    private func start(
        _ address: ServerAddress, _ configure: (inout BackendConfiguration) -> Void = { _ in }
    ) -> (session: NotificationSession, events: Recorder<SessionEvent>, backend: Backend, returns: Recorder<Int>) {
        start(address, now: { .now }, configure)
    }

    private func isLoss(_ event: SessionEvent, _ end: SessionEnd) -> Bool {
        if case .reconnecting(end, _) = event { true } else { false }
    }

    @Test(
        "Losses that pass: the session comes back by itself",
        arguments: [
            ("OUT SSD", SessionEnd.serverShutdown), ("OUT", .serverClosed), ("close", .connectionLost),
            ("reset", .connectionLost),
        ])
    func comesBack(how: String, loss: SessionEnd) async throws {
        let server = try await ScriptedServer.start(.friendly)
        let (session, events, backend, _) = start(server.address)
        try await events.first { $0 == .state(.online) }
        _ = try await session.request(.setPresence(.busy))
        switch how {
        case "close": server.drop()
        case "reset": server.reset()
        default: server.say(how)
        }
        try await server.received.first { $0.connection == 2 && $0.text == "CHG 6 BSY" }
        try await events.first { isLoss($0, loss) }
        // The lists have not changed, and it said so.
        #expect(server.received.all.contains { $0.connection == 2 && $0.text == "SYN 5 3" })
        await session.signOut()
        #expect(backend.signInSemaphore.inFlight == 0)
        try await server.stop()
    }

    @Test("Silence after a ping, on a backend that is known to answer, is a loss")
    func silence() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let (session, events, backend, _) = start(server.address)
        try await events.first { $0 == .state(.online) }
        await session.pass(FlowTimeouts().keepalive)
        _ = try await server.received.first { $0.text == "PNG" }
        // Its answer is on the way, ahead of that of this request.
        _ = try await session.request(.setPresence(.busy))
        #expect(backend.keepaliveTraits == [.answersPing])
        server.change { $0.ignore("PNG") }
        let before = server.received.all.count
        await session.pass(FlowTimeouts().keepalive)
        try await server.received.first(after: before) { $0.text == "PNG" }
        await session.pass(FlowTimeouts().pong)
        try await events.first { isLoss($0, .connectionLost) }
        try await server.received.first { $0.connection == 2 && $0.text == "CHG 6 BSY" }
        await session.signOut()
        try await server.stop()
    }

    @Test(
        "Losses that are final: nothing connects again",
        arguments: [
            ("OUT OTH", SessionEnd.signedInElsewhere), ("540 9", .challengeFailed),
        ])
    func endsForGood(line: String, end: SessionEnd) async throws {
        let server = try await ScriptedServer.start(.friendly)
        let (session, events, backend, _) = start(server.address) { $0.timeouts.backoff.base = .zero }
        try await events.first { $0 == .state(.online) }
        server.say(line)
        try await events.first { $0 == .ended(end) }
        try await server.closed.first { $0 == 1 }
        // A connection made afterwards is the next one that the server sees.
        try await expectNextConnection(of: server, toBe: 2)
        await session.signOut()
        #expect(backend.signInSemaphore.inFlight == 0)
        try await server.stop()
    }

    @Test(
        "Answers to a reconnect that are final: a changed password, no common version",
        arguments: [
            ("USR", "911 #", SessionEnd.refused(911, command: "USR")), ("VER", "VER # 0", .noCommonVersion),
            ("INF", "INF # KERBEROS", .noSecurityPackage),
        ])
    func finalAnswers(command: String, answer: String, end: SessionEnd) async throws {
        let server = try await ScriptedServer.start(.friendly)
        let (_, events, backend, _) = start(server.address) { $0.timeouts.backoff.base = .zero }
        try await events.first { $0 == .state(.online) }
        server.change { $0.close(on: command, answer) }
        server.say("OUT SSD")
        try await events.first { $0 == .ended(end) }
        try await server.closed.first { $0 == 2 }
        try await expectNextConnection(of: server, toBe: 3)
        #expect(backend.signInSemaphore.inFlight == 0)
        try await server.stop()
    }

    /// Connects once more, as somebody else, and looks at the number that this gets.
    private func expectNextConnection(of server: ScriptedServer, toBe number: Int) async throws {
        server.change { $0 = .friendly }
        let (session, events, _, _) = start(server.address)
        try await events.first { $0 == .state(.online) }
        #expect(server.accepted == number)
        await session.signOut()
    }

    @Test(
        "Two bare closes right after the sign-in: unstable, or another client where the operator says so",
        arguments: [true, false])
    func bareCloses(displacesSilently: Bool) async throws {
        let server = try await ScriptedServer.start(.friendly)
        let (session, events, _, returns) = start(server.address) {
            $0.timeouts.displacement = .seconds(1000)
            if displacesSilently { $0.quirks = [.displacesSilently] }
        }
        try await returns.first { $0 == 1 }
        server.drop(1)
        try await returns.first { $0 == 2 }
        server.drop(2)
        if displacesSilently {
            try await events.first { $0 == .ended(.signedInElsewhere) }
        } else {
            try await events.first { $0 == .reconnecting(.unstable, after: .seconds(30)) }
        }
        #expect(server.accepted == 2)
        await session.signOut()
        try await server.stop()
    }

    @Test(
        "What protocol errors, resets and restarts do right after the sign-in is a lost connection",
        arguments: ["BLP", "reset", "restart"])
    func explainedCloses(how: String) async throws {
        let server = try await ScriptedServer.start(.friendly)
        server.change { $0.close(on: "BLP", "218 #") }
        let now = Locked(MonotonicInstant.now)
        let (session, events, backend, returns) = start(server.address, now: { now.withLock { $0 } }) {
            $0.timeouts.displacement = .seconds(1000)
            $0.quirks = [.displacesSilently]
        }
        let others = Recorder<SessionEvent>()
        let otherReturns = Recorder<Int>()
        let other = NotificationSession(
            backend: how == "restart" ? backend : Backend(backend.configuration),
            offer: SignInOffer(handle: "bob@example.com") { $0 }, status: .online,
            loop: TestLoops.next(), digest: { $0 },
            observer: { event in
                others.record(event)
                if event == .state(.online) { otherReturns.record(otherReturns.all.count + 1) }
            })
        if how == "restart" { other.start() }
        for round in 1...3 {
            try await returns.first { $0 == round }
            // One outage after the other, however fast this runs.
            now.withLock { $0 = $0 + .seconds(60) }
            switch how {
            case "BLP":
                _ = try? await session.request(.setPrivacy(.block))
                _ = try? await session.request(.setAddPrompt(.allowSilently))
            case "reset": server.reset(round)
            default:
                try await otherReturns.first { $0 == round }
                server.drop(2 * round - 1)
                server.drop(2 * round)
            }
        }
        try await returns.first { $0 == 4 }
        #expect(!events.all.contains { isLoss($0, .unstable) || $0 == .ended(.signedInElsewhere) })
        await session.signOut()
        if how == "restart" { await other.signOut() }
        try await server.stop()
    }

    @Test("A backend that is away for a while is found again on the port where it was")
    func away() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let port = server.address.port
        let (session, events, backend, _) = start(server.address)
        try await events.first { $0 == .state(.online) }
        try await server.stop()
        try await events.first { isLoss($0, .unreachable(.refused)) }
        let again = try await ScriptedServer.start(.friendly, port: port)
        try await again.received.first { $0.text == "CHG 6 NLN" }
        await session.signOut()
        #expect(backend.signInSemaphore.inFlight == 0)
        try await again.stop()
    }

    @Test("Signing out while it waits for its next attempt, or for its turn, ends it at once")
    func signOut() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let (session, events, backend, _) = start(server.address) {
            $0.timeouts.backoff.base = .seconds(1000)
            $0.timeouts.backoff.longest = .seconds(1000)
            $0.signInsInFlight = 1
        }
        try await events.first { $0 == .state(.online) }
        server.drop()
        try await events.first { isLoss($0, .connectionLost) }
        await session.signOut()
        #expect(events.all.last == .ended(.signedOut))
        let permit = backend.signInSemaphore.acquire(isFirst: true) { _ in }
        #expect(backend.signInSemaphore.inFlight == 1)
        let waiting = Recorder<SessionEvent>()
        let queued = NotificationSession(
            backend: backend, offer: SignInOffer(handle: "bob@example.com") { $0 }, status: .online,
            loop: TestLoops.next(), digest: { $0 },
            observer: { waiting.record($0) })
        queued.start()
        try await waiting.first { $0 == .state(.connecting) }
        await queued.signOut()
        #expect(waiting.all.last == .ended(.signedOut))
        #expect(server.accepted == 1)
        backend.signInSemaphore.release(permit)
        #expect(backend.signInSemaphore.inFlight == 0)
        try await server.stop()
    }
}
