import ByteText
import Digests
import Encodings
import Loops
import MSNP
import TestSupport
import Testing

@testable import MSNPClient

@Suite(.timeLimit(.minutes(5))) struct NotificationSessionTests {
    /// A session against a scripted server, and what it said.
    private struct Fixture {
        let session: NotificationSession
        let events: Recorder<SessionEvent>

        func ended() async throws -> SessionEnd? {
            let last = try await events.first {
                if case .ended = $0 { true } else { false }
            }
            guard case .ended(let end) = last else { return nil }
            return end
        }

        func online() async throws { try await events.first { $0 == .state(.online) } }
    }

    private func start(
        _ address: ServerAddress, resolver: any AddressResolving = SystemResolver(),
        configure: (inout BackendConfiguration) -> Void = { _ in }
    ) -> Fixture {
        var configuration = BackendConfiguration(name: "test", address: address)
        configure(&configuration)
        let backend = Backend(configuration, resolver: resolver)
        return start(backend)
    }

    private func start(_ backend: Backend) -> Fixture {
        let events = Recorder<SessionEvent>()
        let session = NotificationSession(
            backend: backend, offer: SignInOffer(handle: "alice@example.com") { md5($0 + "correct horse") },
            status: .online, loop: TestLoops.next(), digest: md5,
            observer: { events.record($0) })
        session.start()
        return Fixture(session: session, events: events)
    }

    @Test("While a session is held its challenges are answered and nothing is told; then all is, in order")
    func hold() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let fixture = start(server.address)
        try await fixture.online()
        fixture.session.hold(true)
        // Its loop knows that once it has done what was posted until now.
        await withCheckedContinuation { known in
            if !fixture.session.loop.post({ known.resume() }) { known.resume() }
        }
        let names = (1...40).map { "Bob\($0)" }
        for name in names { server.say("NLN BSY bob@example.com \(name)") }
        server.say("CHL 0 15570131571988941333")
        // The challenge came after the others, so that all of them were read by then.
        try await server.received.first { $0.text.hasPrefix("QRY ") }
        func told() -> [String] {
            fixture.events.all.compactMap { if case .presence(.busy, _, let name) = $0 { name } else { nil } }
        }
        #expect(told().isEmpty)
        fixture.session.hold(false)
        try await fixture.events.first { if case .presence(.busy, _, "Bob40") = $0 { true } else { false } }
        #expect(told() == names)
        await fixture.session.signOut()
        #expect(try await fixture.ended() == .signedOut)
        try await server.stop()
    }

    @Test("Signs in, asks, and signs out with OUT")
    func wholeSession() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let fixture = start(server.address)
        try await fixture.online()
        let reply = try await fixture.session.request(.setPresence(.busy))
        #expect(reply == .presence(.busy))
        let name = try DisplayName(validating: "Zoë ☕ 100% +\u{3000}")
        #expect(try await fixture.session.request(.rename(name)) == .renamed("Zoë ☕ 100% +\u{3000}"))
        await fixture.session.signOut()
        #expect(try await fixture.ended() == .signedOut)
        try await server.closed.first { $0 == 1 }
        #expect(server.received.all.last?.text == "OUT")
        #expect(
            server.received.all.map(\.text).contains("USR 4 MD5 S ca119f98ef5b826b095287c249ca8e87"))
        try await server.stop()
    }

    @Test("Follows a referral and leaves the dispatch server without a word")
    func referral() async throws {
        let home = try await ScriptedServer.start(.friendly)
        var script = Script.friendly
        script.answers["USR"] = { [address = home.address] frame in
            [.line("XFR \(frame.parameters[0]) NS \(address) 0")]
        }
        let dispatch = try await ScriptedServer.start(script)
        let fixture = start(dispatch.address)
        try await fixture.online()
        try await dispatch.closed.first { $0 == 1 }
        #expect(dispatch.received.all.map { $0.text.prefix(3) } == ["VER", "INF", "USR"])
        await fixture.session.signOut()
        try await dispatch.stop()
        try await home.stop()
    }

    @Test("A move in the middle of a session: signs in at the new server, with the old status")
    func moved() async throws {
        let other = try await ScriptedServer.start(.friendly)
        let server = try await ScriptedServer.start(.friendly)
        let fixture = start(server.address)
        try await fixture.online()
        _ = try await fixture.session.request(.setPresence(.busy))
        server.say("XFR 0 NS \(other.address) 0")
        try await other.received.first { $0.text == "CHG 6 BSY" }
        try await server.closed.first { $0 == 1 }
        await fixture.session.signOut()
        try await server.stop()
        try await other.stop()
    }

    @Test("A request that gets no answer fails alone")
    func unanswered() async throws {
        var script = Script.friendly
        script.ignore("REA")
        let server = try await ScriptedServer.start(script)
        let fixture = start(server.address)
        try await fixture.online()
        let name = try DisplayName(validating: "Nobody answers")
        let rename = Task { try await fixture.session.request(.rename(name)) }
        try await server.received.first { $0.text.hasPrefix("REA") }
        await fixture.session.pass(FlowTimeouts().request)
        await #expect(throws: RequestFailure.timedOut(command: "REA")) { try await rename.value }
        #expect(try await fixture.session.request(.setPresence(.away)) == .presence(.away))
        await fixture.session.signOut()
        try await server.stop()
    }

    @Test("A server that says nothing at all")
    func silent() async throws {
        let server = try await ScriptedServer.start(Script())
        let fixture = start(server.address) { $0.timeouts.signInStep = .milliseconds(50) }
        #expect(try await fixture.ended() == .timedOut(command: "VER"))
        try await server.closed.first { $0 == 1 }
        try await server.stop()
    }

    @Test("A server that speaks something else")
    func garbage() async throws {
        var script = Script()
        script.close(on: "VER", "HTTP/1.1 400 Bad Request", "Content-Type: text/html", "", "<html>")
        let server = try await ScriptedServer.start(script)
        #expect(try await start(server.address).ended() == .protocolError(.notMSNP))
        try await server.stop()
    }

    @Test("Nobody listens there")
    func refused() async throws {
        let nobody = ClosedPort()
        #expect(try await start(nobody.address).ended() == .unreachable(.refused))
    }

    @Test("A name without an address, and a resolver that never answers")
    func unresolved() async throws {
        struct Nobody: AddressResolving {
            func resolve(_ address: ServerAddress) async -> [TCPEndpoint] { [] }
        }
        struct Sleeper: AddressResolving {
            let awake = Recorder<Bool>()
            func resolve(_ address: ServerAddress) async -> [TCPEndpoint] {
                _ = try? await awake.first { $0 }
                return []
            }
        }
        let address = ServerAddress(host: "nowhere.example")
        #expect(try await start(address, resolver: Nobody()).ended() == .unreachable(.unresolved))
        let sleeper = Sleeper()
        let slow = start(address, resolver: sleeper) { $0.connectTimeout = .milliseconds(20) }
        #expect(try await slow.ended() == .unreachable(.timedOut))
        sleeper.awake.record(true)
    }

    @Test("The second address of a name is tried when the first refuses")
    func severalAddresses() async throws {
        struct Two: AddressResolving {
            let addresses: [TCPEndpoint]
            func resolve(_ address: ServerAddress) async -> [TCPEndpoint] { addresses }
        }
        let nobody = ClosedPort()
        let closedPort = Int(nobody.address.port)
        let server = try await ScriptedServer.start(.friendly)
        let addresses = try [closedPort, Int(server.address.port)].map {
            try #require(TCPEndpoint(literal: "127.0.0.1", port: UInt16($0)))
        }
        let fixture = start(ServerAddress(host: "two.example"), resolver: Two(addresses: addresses))
        try await fixture.online()
        await fixture.session.signOut()
        try await server.stop()
    }

    @Test("A referral into a network that the backend is not part of is not followed")
    func forbiddenReferral() async throws {
        var script = Script.friendly
        script.answer("USR", "XFR # NS 10.1.2.3:1863 0")
        let server = try await ScriptedServer.start(script)
        #expect(try await start(server.address).ended() == .unreachable(.forbiddenAddress))
        try await server.stop()
    }

    @Test("A referral to a port of the system's is not followed, and what is where one leads is not told")
    func referralsTellNothing() async throws {
        /// What a referral there comes to; where nothing is ever said, the time for it is up once somebody has called.
        func outcome(of address: ServerAddress, silent: ScriptedServer? = nil) async throws -> SessionEnd? {
            var script = Script.friendly
            script.answer("USR", "XFR # NS \(address) 0")
            let server = try await ScriptedServer.start(script)
            defer { Task { try? await server.stop() } }
            let fixture = start(server.address)
            if let silent {
                try await silent.received.first { $0.text.hasPrefix("VER") }
                await fixture.session.pass(FlowTimeouts().signInStep)
            }
            return try await fixture.ended()
        }
        #expect(try await outcome(of: ServerAddress(host: "127.0.0.1", port: 25)) == .unreachable(.forbiddenAddress))
        let nobody = ClosedPort()
        #expect(try await outcome(of: nobody.address) == .unreachable(.unusableReferral))
        let silent = try await ScriptedServer.start(Script())
        #expect(try await outcome(of: silent.address, silent: silent) == .unreachable(.unusableReferral))
        var script = Script()
        script.close(on: "VER", "HTTP/1.1 400 Bad Request", "Content-Type: text/html", "", "<html>")
        let web = try await ScriptedServer.start(script)
        #expect(try await outcome(of: web.address) == .unreachable(.unusableReferral))
        try await silent.stop()
        try await web.stop()
    }

    @Test("A line that is too long in a part is dropped and counted, and the session goes on")
    func droppedLines() async throws {
        let server = try await ScriptedServer.start(.friendly)
        let fixture = start(server.address)
        try await fixture.online()
        let long = String(repeating: "\u{301}\u{323}", count: 2_000)
        server.say("NLN NLN \(long) x", "FLN \(long)", "CHG 0 AWY")
        try await fixture.events.first { if case .ownPresence(.away, _) = $0 { true } else { false } }
        #expect(fixture.session.backend.traffic.linesDropped == 2)
        await fixture.session.signOut()
        try await server.stop()
    }

    @Test("An announced address that does not route is rewritten, host alone or with its port")
    func rewriting() async throws {
        let home = try await ScriptedServer.start(.friendly)
        for key in ["192.0.2.7", "192.0.2.7:\(home.address.port)"] {
            var script = Script.friendly
            script.answer("USR", "XFR # NS 192.0.2.7:\(home.address.port) 0")
            let dispatch = try await ScriptedServer.start(script)
            let fixture = start(dispatch.address) { [address = home.address] in $0.rewrites[FoldedText(key)] = address }
            try await fixture.online()
            await fixture.session.signOut()
            try await dispatch.stop()
        }
        try await home.stop()
    }

    @Test("What was under way when the connection broke is told so")
    func dropped() async throws {
        var script = Script.friendly
        script.ignore("REA")
        let server = try await ScriptedServer.start(script)
        let fixture = start(server.address)
        try await fixture.online()
        let name = try DisplayName(validating: "x")
        let rename = Task { try await fixture.session.request(.rename(name)) }
        try await server.received.first { $0.text.hasPrefix("REA") }
        server.drop()
        await #expect(throws: RequestFailure.interrupted) { try await rename.value }
        await fixture.session.signOut()
        #expect(try await fixture.ended() == .signedOut)
        await #expect(throws: RequestFailure.notOnline(.ended)) {
            try await fixture.session.request(.setPresence(.busy))
        }
        try await server.stop()
    }

    @Test("What one session learns of pings, the next one of that backend knows")
    func keepaliveIsRemembered() async throws {
        let server = try await ScriptedServer.start(.friendly)
        var configuration = BackendConfiguration(name: "test", address: server.address)
        configuration.timeouts.keepalive = .milliseconds(20)
        configuration.timeouts.backoff.base = .milliseconds(1)
        let backend = Backend(configuration)
        let first = start(backend)
        try await first.online()
        try await server.received.first { $0.text == "PNG" }
        _ = try await first.session.request(.setPresence(.busy))
        #expect(backend.keepaliveTraits == [.answersPing])
        await first.session.signOut()

        server.change { $0.answers["PNG"] = { _ in [.close] } }
        let strict = Backend(configuration)
        let second = start(strict)
        // One close was no proof; two are.
        try await server.received.first { $0.connection == 3 && $0.text == "PNG" }
        try await server.received.first { $0.connection == 4 && $0.text.hasPrefix("CHG") }
        #expect(strict.keepaliveTraits == [.closesOnPing])
        await second.session.signOut()
        try await server.stop()
    }

    @Test("Signing out at any moment ends the session")
    func signOutEarly() async throws {
        let server = try await ScriptedServer.start(Script())
        let fixture = start(server.address) { $0.timeouts.goodbye = .milliseconds(20) }
        try await server.received.first { $0.text.hasPrefix("VER") }
        await fixture.session.signOut()
        #expect(try await fixture.ended() == .signedOut)
        await fixture.session.signOut()
        try await server.stop()
    }
}

func md5(_ text: String) -> String {
    var digest = MD5()
    digest.update(text)
    return Hexadecimal.encode(digest.finish())
}
