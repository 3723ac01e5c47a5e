import HTTPFront
import Locking
import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// What becomes of messages and of the calls that wait for them, against switchboards that do as they are told.
@Suite(.timeLimit(.minutes(5))) struct DeliveryTests {
    private struct Fixture {
        let server: ScriptedServer
        let board: ScriptedServer
        let alice: ConversationStage

        func stop() async throws {
            try await alice.harness.stop()
            try await server.stop()
            try await board.stop()
        }
    }

    private func start(
        _ script: Script = .switchboard, _ configure: (inout BackendConfiguration) -> Void = { _ in }
    ) async throws -> Fixture {
        let board = try await ScriptedServer.start(script)
        let server = try await ScriptedServer.start(.friendly(switchboard: board.address))
        let harness = try GatewayHarness.with(server) { backend in
            backend.conversationTimeouts.goodbye = .milliseconds(50)
            configure(&backend)
        }
        return Fixture(
            server: server, board: board, alice: try await ConversationStage(harness, "alice@example.com"))
    }

    /// A switchboard where nobody comes until the test says so.
    private var ringing: Script {
        var script = Script.switchboard
        script.answer("CAL", "CAL # RINGING 4711")
        return script
    }

    private let hi = #"{"to":"bob@example.com","text":"hi","clientRef":"r"}"#

    @Test(
        "respond-async: 202 at once and pending; the outcome is where Location says",
        arguments: ["respond-async", "wait=0"])
    func atOnce(prefer: String) async throws {
        let fixture = try await start(ringing)
        let alice = fixture.alice
        let answer = await alice.begin("/messages", hi, prefer: prefer).answer()
        #expect(answer.status == 202)
        #expect(try answer.string("message", "delivery") == "pending")
        #expect(answer.header("Preference-Applied") == prefer)
        let place = try #require(answer.header("Location")).dropFirst(alice.path.count)
        #expect(place == "/messages/\(try answer.string("message", "id"))")
        #expect(try await alice.call("GET", String(place)).string("delivery") == "pending")
        try await fixture.board.received.first { $0.text.hasPrefix("CAL") }
        fixture.board.say("JOI bob@example.com Bob")
        #expect(
            try await alice.data("message.delivered")
                == .object([
                    "messageId": answer.value("message", "id") ?? .null,
                    "conversationId": answer.value("message", "conversationId") ?? .null, "text": .string("hi"),
                    "clientRef": .string("r"), "group": .bool(false),
                ]))
        #expect(try await alice.call("GET", String(place)).string("delivery") == "delivered")
        try await fixture.stop()
    }

    @Test("A call whose time is up is 202; the message goes on and is told of")
    func timeIsUp() async throws {
        let fixture = try await start(ringing)
        let call = fixture.alice.begin("/messages", hi, prefer: "wait=3")
        try await fixture.board.received.first { $0.text.hasPrefix("CAL") }
        #expect(call.isParked)
        call.release()
        let answer = await call.answer()
        #expect(answer.status == 202)
        #expect(try answer.string("message", "delivery") == "pending")
        #expect(answer.header("Preference-Applied") == "wait=3")
        fixture.board.say("JOI bob@example.com Bob")
        #expect(try await fixture.alice.data("message.delivered")?["messageId"] == answer.value("message", "id"))
        try await fixture.stop()
    }

    @Test(
        "A message that has its outcome in the very moment in which the time is up is answered with that",
        arguments: [
            (MessageOutcome.delivered, 201, "delivered"), (.unconfirmed, 201, "unconfirmed"),
            (.failed(.contactOffline(217)), 409, "contact-offline"),
            (.failed(.connectionLost), 502, "message-not-delivered"),
        ] as [(MessageOutcome, Int, String)])
    func settledAsTimeIsUp(outcome: MessageOutcome, status: Int, word: String) async throws {
        let fixture = try await start(ringing)
        let alice = fixture.alice
        let call = alice.begin("/messages", hi, prefer: "wait=3")
        try await fixture.board.received.first { $0.text.hasPrefix("CAL") }
        // The session's first.
        _ = try await alice.data("message.sent")
        let session = try #require(alice.harness.gateway.registry.session(alice.id))
        // Written down, and not yet told to the call that waits.
        try session.state.withLock { state in
            let sent = try #require(state.record.conversations.messages[OutgoingMessageID(rawValue: 1)])
            let conversation = try #require(sent.conversation)
            state.record.apply(.settled(sent.id, conversation, outcome), alice.harness.clock.clock.now)
        }
        call.release()
        let answer = await call.answer()
        #expect(answer.status == status)
        #expect((try? answer.string("message", "delivery")) ?? answer.code == word)
        try await fixture.stop()
    }

    @Test(
        "Of a message some of which went out it is told how much arrived, and nothing that invites to repeat it",
        arguments: [
            MessageFailure.notDelivered, .tooActive(800, command: "XFR"), .contactOffline(217),
            .notOnline(.reconnecting),
        ])
    func partial(failure: MessageFailure) async throws {
        let fixture = try await start(ringing)
        let alice = fixture.alice
        let call = alice.begin("/messages", hi, prefer: "wait=3")
        try await fixture.board.received.first { $0.text.hasPrefix("CAL") }
        _ = try await alice.data("message.sent")
        let session = try #require(alice.harness.gateway.registry.session(alice.id))
        try session.state.withLock { state in
            let sent = try #require(state.record.conversations.messages[OutgoingMessageID(rawValue: 1)])
            let conversation = try #require(sent.conversation)
            state.record.apply(
                .settled(sent.id, conversation, .failed(failure, partial: 1)), alice.harness.clock.clock.now)
        }
        call.release()
        let answer = await call.answer()
        #expect(answer.status == 502)
        #expect(answer.code == "message-not-delivered")
        #expect(answer.value("partial") == .number(1))
        #expect(answer.header("Retry-After") == nil)
        let failed = try await alice.data("message.failed")
        #expect(failed?["partial"] == .number(1))
        try await fixture.stop()
    }

    @Test("A caller who leaves does not take the message back")
    func callerLeaves() async throws {
        let fixture = try await start(ringing)
        let call = fixture.alice.begin("/messages", hi)
        try await fixture.board.received.first { $0.text.hasPrefix("CAL") }
        call.leave()
        fixture.board.say("JOI bob@example.com Bob")
        #expect(try await fixture.alice.data("message.delivered")?["clientRef"]?.text == "r")
        try await fixture.stop()
    }

    @Test("Without an ACK in time a message is unconfirmed, which is an outcome too: 201")
    func unconfirmed() async throws {
        var script = Script.switchboard
        script.ignore("MSG")
        let fixture = try await start(script) { $0.conversationTimeouts.acknowledgement = .milliseconds(5) }
        let answer = await fixture.alice.call("POST", "/messages", hi)
        #expect(answer.status == 201)
        #expect(try answer.string("message", "delivery") == "unconfirmed")
        #expect(try await fixture.alice.data("message.unconfirmed")?["messageId"] == answer.value("message", "id"))
        try await fixture.stop()
    }

    @Test("Whoever was called and does not come: 502 for a message, 409 for a conversation, each with the reason")
    func notJoined() async throws {
        var script = Script.switchboard
        script.ignore("CAL")
        let fixture = try await start(script)
        let alice = fixture.alice
        /// What a call comes to once the time for those who were called is up.
        func called(_ path: String, _ json: String, _ number: Int) async throws -> TestAnswer {
            let call = alice.begin(path, json)
            try await fixture.board.received.first { $0.connection == number && $0.text.hasPrefix("CAL") }
            // The clock says when RINGING was heard: without it, the answer is another.
            let before = try await alice.call("GET", "").string("lastReceivedAt")
            alice.harness.clock.advance(.seconds(1))
            fixture.board.say("CAL 2 RINGING 4711", on: number)
            while try await alice.call("GET", "").string("lastReceivedAt") == before { await Task.yield() }
            try await alice.harness.pass(ConversationTimeouts().joining, session: alice.id)
            return await call.answer()
        }
        let answer = try await called("/messages", hi, 1)
        #expect(answer.status == 502 && answer.code == "message-not-delivered", "\(answer.text)")
        #expect(try answer.string("reason") == "notJoined")
        let opened = try await called("/conversations", #"{"participants":["bob@example.com"]}"#, 2)
        #expect(opened.status == 409 && opened.code == "contact-offline", "\(opened.text)")
        #expect(try opened.string("reason") == "notJoined")
        try await fixture.stop()
    }

    @Test("Too many calls: 429 with the server's error and a time to wait")
    func tooActive() async throws {
        var script = Script.switchboard
        script.answer("CAL", "713 #")
        let fixture = try await start(script)
        let answer = await fixture.alice.call("POST", "/messages", hi)
        #expect(answer.status == 429 && answer.code == "rate-limited", "\(answer.text)")
        #expect(answer.value("msnp", "code") == .number(713))
        #expect(answer.header("Retry-After") == "10")
        try await fixture.stop()
    }

    @Test("A backend that takes no XFR: 501")
    func notSupported() async throws {
        let fixture = try await start { $0.quirks = [.lacks(.transfer)] }
        let answer = await fixture.alice.call("POST", "/messages", hi)
        #expect(answer.status == 501 && answer.code == "not-supported-by-backend", "\(answer.text)")
        try await fixture.stop()
    }

    @Test("The session ends: what is under way fails before that is told, and whoever waits is answered")
    func sessionEnds() async throws {
        let fixture = try await start(ringing)
        let alice = fixture.alice
        let call = alice.begin("/messages", hi)
        let other = alice.begin("/messages", #"{"to":"carol@example.com","text":"ho"}"#)
        try await fixture.board.received.first { $0.text.hasPrefix("CAL") && $0.text.hasSuffix("carol@example.com") }
        #expect(await alice.call("DELETE", "").status == 204)
        for call in [call, other] {
            let answer = await call.answer()
            #expect(answer.status == 409 && answer.code == "session-ended", "\(answer.text)")
            #expect(try answer.string("reason") == "signedOut")
        }
        let events = try await alice.events("message.failed", 2)
        #expect(
            events.suffix(3).compactMap { $0["type"]?.text } == ["message.failed", "message.failed", "session.state"])
        #expect(events.suffix(3).prefix(2).allSatisfy { $0["data"]?["reason"]?.text == "signedOut" })
        try await fixture.stop()
    }

    @Test("An idle close is invisible: the next message goes out on a new switchboard, in the same conversation")
    func idle() async throws {
        let fixture = try await start()
        let first = await fixture.alice.call("POST", "/messages", hi)
        fixture.board.say("BYE bob@example.com 1")
        // Alone there, the client leaves too.
        try await fixture.board.received.first { $0.text == "OUT" }
        let second = await fixture.alice.call("POST", "/messages", hi)
        #expect(first.status == 201 && second.status == 201, "\(first.text) \(second.text)")
        #expect(first.value("message", "conversationId") == second.value("message", "conversationId"))
        #expect(fixture.board.accepted == 2)
        #expect(
            try await fixture.alice.events("message.delivered", 2).compactMap { $0["type"]?.text } == [
                "conversation.opened", "message.sent", "message.delivered", "message.sent", "message.delivered",
            ])
        try await fixture.stop()
    }

    @Test("A call from somebody blocked is not answered, one from somebody else is; offers there are declined")
    func calls() async throws {
        let fixture = try await start()
        fixture.server.say(
            "ADD 0 BL 4 mallory@example.com Mallory",
            "RNG 1 \(fixture.board.address) CKI 849.1 mallory@example.com Mallory",
            "RNG 2 \(fixture.board.address) CKI 849.2 bob@example.com Bob")
        _ = try await fixture.alice.events("conversation.opened")
        #expect(fixture.board.received.all.map(\.text) == ["ANS 1 alice@example.com 849.2 2"])
        let offer = """
            MIME-Version: 1.0\r\nContent-Type: text/x-msmsgsinvite; charset=UTF-8\r\n\r\n\
            Application-Name: File Transfer\r\nInvitation-Command: INVITE\r\nInvitation-Cookie: 33267\r\n\
            Application-File: readme.txt\r\nApplication-FileSize: 60904\r\n\r\n
            """
        let odd = "MIME-Version: 1.0\r\nContent-Type: text/x-clientcaps\r\n\r\nClient-Name: x"
        for payload in [offer, odd] {
            fixture.board.send(Array("MSG bob@example.com Bob \(payload.utf8.count)\r\n\(payload)".utf8))
        }
        let received = try #require(try await fixture.alice.data("message.received"))
        #expect(received["contentType"]?.text == "text/x-clientcaps" && received["text"] == nil)
        #expect(
            try await fixture.alice.data("invitation.received")
                == .object([
                    "conversationId": received["conversationId"] ?? .null, "from": .string("bob@example.com"),
                    "application": .string("File Transfer"), "fileName": .string("readme.txt"),
                    "fileSize": .number(60904), "answer": .string("declined"),
                ]))
        try await fixture.board.received.first { $0.text == "MSG 2 N" }
        try await fixture.stop()
    }
}
