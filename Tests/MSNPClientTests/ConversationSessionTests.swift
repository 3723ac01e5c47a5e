import Digests
import Locking
import MSNP
import MSNPClient
import TestSupport
import Testing

/// Conversations on real sockets, against switchboards that do as they are told.
@Suite(.timeLimit(.minutes(5))) struct ConversationSessionTests {
    private struct Fixture {
        let server: ScriptedServer
        let board: ScriptedServer
        let session: NotificationSession
        let backend: Backend
        let events: Recorder<SessionEvent>

        func send(_ text: String, _ number: UInt64, to person: String = "bob@example.com") async throws
            -> ConversationID
        {
            let message = OutgoingMessage(
                id: OutgoingMessageID(rawValue: number), text: try MessageText(validating: text), format: nil)
            return try await session.send(message, to: .person(try Handle(validating: person)))
        }

        func outcome(of number: UInt64) async throws -> MessageOutcome? {
            let event = try await events.first {
                if case .conversation(.settled(OutgoingMessageID(rawValue: number), _, _)) = $0 { true } else { false }
            }
            guard case .conversation(.settled(_, _, let outcome)) = event else { return nil }
            return outcome
        }

        func stop() async throws {
            await session.signOut()
            try await server.stop()
            try await board.stop()
        }
    }

    private func start(
        _ boardScript: Script = .switchboard, configure: (inout BackendConfiguration) -> Void = { _ in },
        admitsCall: @escaping @Sendable (String) -> Bool = { _ in true }
    ) async throws -> Fixture {
        let board = try await ScriptedServer.start(boardScript)
        let server = try await ScriptedServer.start(.friendly(switchboard: board.address))
        var configuration = BackendConfiguration(name: "test", address: server.address)
        configuration.timeouts.goodbye = .milliseconds(50)
        configuration.conversationTimeouts.goodbye = .milliseconds(50)
        configure(&configuration)
        let backend = Backend(configuration)
        let events = Recorder<SessionEvent>()
        let session = NotificationSession(
            backend: backend, offer: SignInOffer(handle: "alice@example.com") { md5($0 + "correct horse") },
            status: .online, loop: TestLoops.next(), digest: md5,
            admitsCall: admitsCall, observer: { events.record($0) })
        session.start()
        try await events.first { $0 == .state(.online) }
        return Fixture(server: server, board: board, session: session, backend: backend, events: events)
    }

    @Test("A message reaches its switchboard and is acknowledged; signing out says OUT there too")
    func delivered() async throws {
        let fixture = try await start()
        let conversation = try await fixture.send("Hi", 1)
        #expect(try await fixture.outcome(of: 1) == .delivered)
        #expect(try await fixture.send("again", 2) == conversation)
        #expect(try await fixture.outcome(of: 2) == .delivered)
        #expect(fixture.board.accepted == 1)
        await fixture.session.signOut()
        try await fixture.board.closed.first { $0 == 1 }
        #expect(
            fixture.board.received.all.map(\.text) == [
                "USR 1 alice@example.com 17262.1013928521.3692", "CAL 2 bob@example.com", "MSG 3 A", "MSG 4 A", "OUT",
            ])
        try await fixture.stop()
    }

    @Test("Two thousand messages as fast as they go arrive whole and in order, whatever the switchboard's pace")
    func burst() async throws {
        let fixture = try await start()
        for number in 1...2000 { _ = try await fixture.send("\(number)", UInt64(number)) }
        for number in 1...2000 { #expect(try await fixture.outcome(of: UInt64(number)) == .delivered) }
        let sent = fixture.board.received.all.map(\.text).filter { $0.hasPrefix("MSG") }
        #expect(sent == (3...2002).map { "MSG \($0) A" })
        try await fixture.stop()
    }

    @Test("Two hundred conversations at once")
    func many() async throws {
        let fixture = try await start()
        for number in 1...200 {
            _ = try await fixture.send("hello", UInt64(number), to: "user\(number)@example.com")
        }
        for number in 1...200 { #expect(try await fixture.outcome(of: UInt64(number)) == .delivered) }
        #expect(fixture.board.accepted == 200)
        try await fixture.stop()
    }

    @Test("A call is answered unless it is not admitted; what is said there comes through")
    func called() async throws {
        let asked = Recorder<String>()
        let fixture = try await start(admitsCall: { caller in
            asked.record(caller)
            return caller != "mallory@example.com"
        })
        fixture.server.say("RNG 1 \(fixture.board.address) CKI 849.1 mallory@example.com Mallory")
        fixture.server.say("RNG 11752099 \(fixture.board.address) CKI 849.2 bob@example.com Bob")
        try await fixture.events.first {
            if case .conversation(.opened) = $0 { true } else { false }
        }
        let payload = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\nSure :)"
        fixture.board.send(Array("MSG bob@example.com Bob \(payload.utf8.count)\r\n\(payload)".utf8))
        try await fixture.events.first {
            if case .conversation(.received(_, _, .text(let text))) = $0 { text.text == "Sure :)" } else { false }
        }
        #expect(asked.all == ["mallory@example.com", "bob@example.com"])
        #expect(fixture.board.received.all.map(\.text) == ["ANS 1 alice@example.com 849.2 11752099"])
        try await fixture.stop()
    }

    @Test("A switchboard outlives the connection to the notification server")
    func outlives() async throws {
        let fixture = try await start { $0.timeouts.backoff.base = .milliseconds(1) }
        _ = try await fixture.send("1", 1)
        #expect(try await fixture.outcome(of: 1) == .delivered)
        fixture.server.drop()
        try await fixture.server.received.first { $0.connection == 2 && $0.text.hasPrefix("CHG") }
        _ = try await fixture.send("2", 2)
        #expect(try await fixture.outcome(of: 2) == .delivered)
        #expect(fixture.board.accepted == 1)
        try await fixture.stop()
    }

    @Test("The session is lost while a switchboard is asked for: the message fails, once")
    func interrupted() async throws {
        let fixture = try await start { $0.timeouts.backoff.base = .seconds(1000) }
        fixture.server.change { $0.ignore("XFR") }
        _ = try await fixture.send("1", 1)
        try await fixture.server.received.first { $0.text.hasPrefix("XFR") }
        // Closed in good order, it would be taken for a server that does not know the command.
        fixture.server.reset()
        let outcome = try await fixture.outcome(of: 1)
        #expect(outcome == .failed(.notOnline(.reconnecting)) || outcome == .failed(.connectionLost))
        try await fixture.stop()
    }

    @Test("A switchboard where the backend may not refer to is not connected to")
    func forbiddenAddress() async throws {
        let fixture = try await start()
        fixture.server.change { $0.answer("XFR", "XFR # SB 169.254.169.254:80 CKI 1") }
        _ = try await fixture.send("1", 1)
        #expect(try await fixture.outcome(of: 1) == .failed(.unreachable(.forbiddenAddress)))
        #expect(fixture.board.accepted == 0)
        try await fixture.stop()
    }

    @Test("Three messages that were ignored make the backend known for it, and one answer forgets that")
    func hopeless() async throws {
        var script = Script.switchboard
        script.ignore("MSG")
        let fixture = try await start(script) {
            $0.conversationTimeouts.acknowledgement = .milliseconds(5)
            $0.conversationTimeouts.hopelessAcknowledgement = .milliseconds(1)
        }
        for number in 1...3 {
            _ = try await fixture.send("x", UInt64(number))
            #expect(try await fixture.outcome(of: UInt64(number)) == .unconfirmed)
        }
        #expect(fixture.backend.unsupportedCommands.contains { $0.command == "MSG" })
        fixture.board.change { $0.answers["MSG"] = Script.switchboard.answers["MSG"] }
        // However short the wait is, the answer counts for what comes after it.
        var number: UInt64 = 3
        while fixture.backend.unsupportedCommands.contains(where: { $0.command == "MSG" }) {
            number += 1
            _ = try await fixture.send("x", number)
            _ = try await fixture.outcome(of: number)
        }
        try await fixture.stop()
    }

    @Test("A flood on a switchboard ends that one and not the session")
    func flood() async throws {
        let fixture = try await start()
        _ = try await fixture.send("1", 1)
        #expect(try await fixture.outcome(of: 1) == .delivered)
        let line = "JOI bob@example.com Bob\r\n"
        fixture.board.send(Array(String(repeating: line, count: 20_000).utf8))
        try await fixture.board.closed.first { $0 == 1 }
        _ = try await fixture.send("2", 2)
        #expect(try await fixture.outcome(of: 2) == .delivered)
        #expect(fixture.board.accepted == 2)
        #expect(!fixture.events.all.contains { if case .ended = $0 { true } else { false } })
        try await fixture.stop()
    }

    @Test("What was going on when the session ends is answered")
    func ended() async throws {
        var script = Script.switchboard
        script.ignore("CAL")
        let fixture = try await start(script)
        let session = fixture.session
        let people = [try Handle(validating: "bob@example.com"), try Handle(validating: "carol@example.com")]
        let opening = Task { () -> MessageFailure? in
            do throws(MessageFailure) {
                _ = try await session.converse(.open(people))
                return nil
            } catch {
                return error
            }
        }
        try await fixture.board.received.first { $0.text.hasPrefix("CAL") }
        await fixture.session.signOut()
        #expect(await opening.value == .notOnline(.ended))
        await #expect(throws: MessageFailure.notOnline(.ended)) { try await fixture.send("late", 1) }
        try await fixture.stop()
    }
}
