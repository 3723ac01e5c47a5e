import Digests
import Loops
import MSNP
import MSNPClient
import TestSupport
import Testing

/// Sessions that share one event loop, each with a server of its own.
final class LoopFixture: Sendable {
    /// A session, its server, and what it said.
    struct Member {
        let server: ScriptedServer
        let session: NotificationSession
        let events: Recorder<SessionEvent>

        func online() async throws { try await events.first { $0 == .state(.online) } }

        func ended() async throws -> SessionEnd? {
            let last = try await events.first {
                if case .ended = $0 { true } else { false }
            }
            guard case .ended(let end) = last else { return nil }
            return end
        }

        /// Whether the server's next word arrives.
        func hears(_ name: String) async throws {
            server.say("NLN BSY bob@example.com \(name)")
            try await events.first { $0 == .presence(.busy, handle: "bob@example.com", name: name) }
        }
    }

    let runtime: ClientRuntime
    var loop: any SessionLoop { runtime.household }

    /// - Parameter time: what the loop measures its turns by; nil for the time that goes by.
    init(
        longTurn: Duration = ClientRuntime.longTurn, time: (@Sendable () -> MonotonicInstant)? = nil
    ) throws {
        runtime = ClientRuntime(on: try LoopGroup(count: 1, time: time), longTurn: longTurn)
    }

    func member(_ script: Script, _ heard: @escaping @Sendable (SessionEvent) -> Void = { _ in }) async throws -> Member
    {
        let server = try await ScriptedServer.start(script)
        return member(at: server, heard)
    }

    /// One more session at a server that is there.
    func member(at server: ScriptedServer, _ heard: @escaping @Sendable (SessionEvent) -> Void = { _ in }) -> Member {
        var configuration = BackendConfiguration(name: "test", address: server.address)
        configuration.timeouts.goodbye = .milliseconds(50)
        let events = Recorder<SessionEvent>()
        let session = runtime.makeSession(
            on: loop,
            backend: Backend(configuration),
            offer: SignInOffer(handle: "alice@example.com") { md5($0 + "correct horse") },
            status: .online, digest: md5, now: { 1 },
            observer: { event in
                heard(event)
                events.record(event)
            })
        session.start()
        return Member(server: server, session: session, events: events)
    }

    /// A member that is online.
    func online(_ heard: @escaping @Sendable (SessionEvent) -> Void = { _ in }) async throws -> Member {
        let member = try await member(.friendly, heard)
        try await member.online()
        return member
    }

    func leave(_ members: Member...) async throws {
        for member in members {
            await member.session.signOut()
            try await member.server.stop()
        }
        await runtime.shutdown()
    }
}
