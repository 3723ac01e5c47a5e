import MSNP
import MSNPSandbox
import Testing

/// `echo@example.com`, which answers with what it hears.
@Suite struct RobotTests {
    private static let typing =
        "MIME-Version: 1.0\r\nContent-Type: text/x-msmsgscontrol\r\nTypingUser: echo@example.com\r\n\r\n\r\n"
    private static let text =
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
        + "X-MMS-IM-Format: FN=Arial; EF=I; CO=ff; CS=0; PF=22\r\n\r\nHi, café at 5?"

    @Test("It joins at once, types, and says the same again, format and all")
    func answers() throws {
        let stage = Stage()
        let board = try stage.openRoom(stage.comeOnline("alice"), "alice")
        let lines = try stage.say("CAL 2 echo@example.com", board)
        #expect(lines.first?.hasPrefix("CAL 2 RINGING ") == true)
        #expect(lines.dropFirst() == ["JOI echo@example.com Echo"])
        #expect(try stage.say("CAL 3 echo@example.com", board) == ["215 3"])
        #expect(
            try stage.say("MSG 4 A", payload: Self.text, board)
                == [
                    "ACK 4", "MSG echo@example.com Echo \(Self.typing.utf8.count)",
                    "MSG echo@example.com Echo \(Self.text.utf8.count)",
                ])
        #expect(stage.takePayloads(board) == [Self.typing, Self.text])
    }

    @Test(
        "What is no text gets no answer",
        arguments: [
            "MIME-Version: 1.0\r\nContent-Type: text/x-msmsgscontrol\r\nTypingUser: alice@example.com\r\n\r\n\r\n",
            "MIME-Version: 1.0\r\nContent-Type: text/x-msmsgsinvite; charset=UTF-8\r\n\r\n"
                + "Invitation-Command: INVITE\r\nInvitation-Cookie: 1\r\n\r\n",
            "no header",
        ])
    func silence(payload: String) throws {
        let stage = Stage()
        let board = try stage.openRoom(stage.comeOnline("alice"), "alice")
        _ = try stage.say("CAL 2 echo@example.com", board)
        #expect(try stage.say("MSG 4 A", payload: payload, board) == ["ACK 4"])
    }

    @Test("In a group it answers to all, and stays with the last of them")
    func group() throws {
        let stage = Stage()
        let bob = try stage.comeOnline("bob")
        let board = try stage.openRoom(stage.comeOnline("alice"), "alice")
        let bobs = try stage.call("bob", bob, from: board)
        _ = try stage.say("CAL 3 echo@example.com", board)
        #expect(stage.take(bobs) == ["JOI echo@example.com Echo"])
        _ = stage.take(board)
        _ = try stage.say("MSG 2 N", payload: Self.text, bobs)
        #expect(stage.takePayloads(board) == [Self.text, Self.typing, Self.text])
        #expect(stage.takePayloads(bobs) == [Self.typing, Self.text])
        stage.disconnect(board)
        _ = stage.take(bobs)
        #expect(try stage.say("MSG 3 A", payload: Self.text, bobs).count == 3)
        // Its way in is still open; the robot isn't there any more.
        _ = try stage.say("CAL 4 carol@example.com", bobs)
        let carol = try stage.comeOnline("carol")
        _ = try stage.say("CAL 5 carol@example.com", bobs)
        let ring = try stage.ring(carol)
        stage.disconnect(bobs)
        let carols = stage.connect(.switchboard)
        #expect(try stage.say("ANS 1 carol@example.com \(ring.cookie) \(ring.session)", carols) == ["ANS 1 OK"])
    }

    @Test("While it is away calls to it fail, and conversations with it go on")
    func away() throws {
        let stage = Stage {
            $0.robot = RobotSchedule(period: .seconds(60), absence: .seconds(10))
            $0.limits.challengeTime = .seconds(3_600)
        }
        let alice = try stage.comeOnline("alice")
        let board = try stage.openRoom(alice, "alice")
        _ = try stage.say("CAL 2 echo@example.com", board)
        let other = try stage.openRoom(alice, "alice")
        stage.wait(.seconds(50))
        #expect(try stage.say("CAL 2 echo@example.com", other) == ["217 2"])
        #expect(try stage.say("MSG 4 A", payload: Self.text, board).count == 3)
        stage.wait(.seconds(10))
        #expect(try stage.say("CAL 3 echo@example.com", other).count == 2)
    }

    @Test("What was ordered to be refused isn't answered either, nor what is said by who fell silent")
    func faults() throws {
        let stage = Stage()
        let board = try stage.openRoom(stage.comeOnline("alice"), "alice")
        _ = try stage.say("CAL 2 echo@example.com", board)
        #expect(stage.order(.nak, "alice@example.com", count: 2))
        #expect(try stage.say("MSG 3 U", payload: Self.text, board).count == 2)
        #expect(try stage.say("MSG 4 N", payload: Self.text, board) == ["NAK 4"])
        #expect(try stage.say("MSG 5 A", payload: Self.text, board) == ["NAK 5"])
        #expect(try stage.say("MSG 6 A", payload: Self.text, board).count == 3)
        #expect(stage.order(.stall, "alice@example.com", count: 1))
        #expect(try stage.say("MSG 7 A", payload: Self.text, board) == [])
        #expect(try stage.say("MSG 8 A", payload: Self.text, board).count == 3)
    }
}
