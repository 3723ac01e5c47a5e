import HTTPFront
import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// Each reason for which a session can end or reconnect: a server brings it about, and the API says it.
@Suite(.timeLimit(.minutes(5))) struct ReasonTests {
    /// A session at a server of its own.
    private struct Stage {
        let server: ScriptedServer
        let session: OpenedSession
        var harness: GatewayHarness { session.harness }

        init(
            _ script: Script = .friendly, _ backend: (inout BackendConfiguration) -> Void = { _ in }
        ) async throws {
            server = try await ScriptedServer.start(script)
            let harness = try GatewayHarness.with(server) {
                $0.timeouts.backoff.base = .milliseconds(1)
                $0.timeouts.displacement = .seconds(1000)
                backend(&$0)
            }
            session = try await OpenedSession(harness)
        }

        /// Waits for the state and gives its reason.
        ///
        /// It is looked for among the events: a reconnecting session may be back by now.
        func reason(_ state: String, butNot passed: Set<String> = []) async throws -> String {
            var cursor = "oldest"
            while true {
                let page = await session.get("/events?after=\(cursor)&types=session.state")
                cursor = try page.string("next")
                for data in page.events.compactMap({ $0["data"] }) where data["state"]?.text == state {
                    guard let reason = data["reason"]?.text else { throw TestError("no reason: \(page.text)") }
                    if !passed.contains(reason) { return reason }
                }
                if page.value("ended") == .bool(true) { throw TestError("it has ended: \(page.text)") }
            }
        }

        /// Closes its connections without a word, one after the other, each right after it went online.
        func close(_ connections: ClosedRange<Int>) async throws {
            for connection in connections {
                try await server.received.first { $0.connection == connection && $0.text.hasPrefix("CHG") }
                try await session.reaches("online")
                server.drop(connection)
                try await server.closed.first { $0 == connection }
            }
        }

        func stop() async throws {
            try await harness.stop()
            try await server.stop()
        }
    }

    @Test(
        "What an established connection ends with",
        arguments: [
            ("OUT OTH", "ended", "signedInElsewhere"), ("OUT SSD", "reconnecting", "serverShutdown"),
            ("OUT", "reconnecting", "serverClosed"), ("XFR 0 NS 127.0.0.1:1 0", "reconnecting", "serverClosed"),
            ("540 9", "ended", "challengeFailed"), ("CHG 0 FLN\r\nMSG a b x", "reconnecting", "protocolError"),
        ])
    func said(line: String, state: String, reason: String) async throws {
        let stage = try await Stage()
        stage.server.say(line)
        #expect(try await stage.reason(state) == reason)
        try await stage.stop()
    }

    @Test(
        "What signing in again meets",
        arguments: [
            ("USR", "911 #", "ended", "signInRefused"), ("USR", "600 #", "reconnecting", "signInRefused"),
            ("VER", "VER # 0", "ended", "noCommonVersion"), ("VER", "VER # CVR0", "ended", "noCommonVersion"),
            ("INF", "INF # KERBEROS", "ended", "noCommonVersion"), ("SYN", "SYN # x", "reconnecting", "protocolError"),
            ("USR", "USR # OK", "reconnecting", "protocolError"),
        ])
    func answered(command: String, answer: String, state: String, reason: String) async throws {
        let stage = try await Stage()
        stage.server.change { script in
            if command == "VER", answer.hasSuffix("CVR0") { script.answer("CVQ", "CVR # 9 9 9 http://a http://b") }
            script.answer(command, answer)
        }
        stage.server.say("OUT SSD")
        #expect(try await stage.reason(state, butNot: ["serverShutdown"]) == reason)
        try await stage.stop()
    }

    @Test("A close or a reset is a lost connection, and so is silence", arguments: ["close", "reset", "silence"])
    func lost(how: String) async throws {
        let pong = Duration.seconds(100)
        let stage = try await Stage {
            $0.timeouts.keepalive = .milliseconds(20)
            $0.timeouts.pong = pong
        }
        switch how {
        case "close": stage.server.drop()
        case "reset": stage.server.reset()
        default:
            try await stage.server.received.first { $0.text == "PNG" }
            // Its answer came before this one, so the backend is known to answer pings.
            try await stage.session.fence()
            stage.server.change { $0.ignore("PNG") }
            // Whichever of them is not answered: the time for it is up once it has been sent.
            let events = "/events?after=oldest&types=session.state&wait=0"
            while await !stage.session.get(events).text.contains("reconnecting") {
                try await stage.harness.pass(pong, session: stage.session.id)
            }
        }
        #expect(try await stage.reason("reconnecting") == "connectionLost")
        try await stage.stop()
    }

    @Test("Bare closes right after each sign-in are unstable, and the last attempt's time is half a minute away")
    func unstable() async throws {
        let stage = try await Stage()
        try await stage.close(1...2)
        #expect(try await stage.reason("reconnecting", butNot: ["connectionLost"]) == "unstable")
        let session = await stage.session.get()
        #expect(try session.string("state") == "reconnecting")
        #expect(try session.string("reason") == "unstable")
        let now = stage.harness.clock.clock.now
        #expect(try session.string("retryAt") == now.advanced(by: .seconds(30)).text)
        try await stage.stop()
    }

    @Test("Where the operator says that this is how it displaces, they are another client's doing")
    func displaced() async throws {
        let stage = try await Stage { $0.quirks = [.displacesSilently] }
        try await stage.close(1...2)
        #expect(try await stage.reason("ended") == "signedInElsewhere")
        #expect(stage.server.accepted == 2)
        try await stage.stop()
    }

    @Test("A server that is not there is unreachable")
    func unreachable() async throws {
        let stage = try await Stage()
        try await stage.server.stop()
        #expect(try await stage.reason("reconnecting", butNot: ["connectionLost"]) == "unreachable")
        try await stage.harness.stop()
    }

    @Test("What is done here: signing out, disuse, the gateway's end")
    func ours() async throws {
        let leaving = try await Stage()
        #expect(await leaving.session.call("DELETE").status == 204)
        #expect(try await leaving.reason("ended") == "signedOut")
        try await leaving.stop()

        let idle = try await Stage()
        idle.harness.clock.advance(.seconds(15 * 60))
        idle.harness.gateway.registry.sweep()
        #expect(try await idle.reason("ended") == "expired")
        try await idle.stop()

        let stopped = try await Stage()
        await stopped.harness.gateway.shutdown()
        #expect(try await stopped.reason("ended") == "gatewayShutdown")
        try await stopped.stop()
    }

    @Test("That is every reason there is, but the one that this version has no use for")
    func all() {
        let provoked: Set<SessionReason> = [
            .signedInElsewhere, .serverShutdown, .serverClosed, .challengeFailed, .protocolError, .signInRefused,
            .noCommonVersion, .connectionLost, .unstable, .unreachable, .signedOut, .expired, .gatewayShutdown,
        ]
        #expect(Set(SessionReason.allCases).subtracting(provoked) == [.credentialsNotKept])
    }
}
