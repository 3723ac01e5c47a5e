import MSNP
import MSNPSandbox
import Testing

/// Conversations as values: rooms, calls, cookies, messages (docs/protocol.md#switchboards, #server-side).
@Suite struct SwitchboardTests {
    private static let typing =
        "MIME-Version: 1.0\r\nContent-Type: text/x-msmsgscontrol\r\nTypingUser: alice@example.com\r\n\r\n\r\n"

    private static func text(_ text: String) -> String {
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n\(text)"
    }

    @Test("Calling, typing, talking, leaving")
    func calling() throws {
        let stage = Stage { $0.robot = nil }
        let alice = try stage.comeOnline("alice")
        let bob = try stage.comeOnline("bob")
        _ = stage.take(alice)
        let transfer = try #require(try stage.say("XFR 20 SB", alice).first).split(separator: " ").map(String.init)
        #expect(transfer.dropLast() == ["XFR", "20", "SB", "10.0.1.200:1863", "CKI"])
        let board = stage.connect(.switchboard)
        #expect(
            try stage.say("USR 1 alice@example.com \(transfer[5])", board) == ["USR 1 OK alice@example.com Alice"])
        let ringing = try #require(try stage.say("CAL 2 bob@example.com", board).first).split(separator: " ")
        #expect(ringing.dropLast() == ["CAL", "2", "RINGING"])

        let ring = try #require(stage.take(bob).first).split(separator: " ").map(String.init)
        #expect(ring[0...3] == ["RNG", String(ringing[3]), "10.0.1.200:1863", "CKI"])
        #expect(ring[5...] == ["alice@example.com", "Alice"])
        let other = stage.connect(.switchboard)
        #expect(
            try stage.say("ANS 1 bob@example.com \(ring[4]) \(ring[1])", other)
                == ["IRO 1 1 1 alice@example.com Alice", "ANS 1 OK"])
        #expect(stage.take(board) == ["JOI bob@example.com Bob"])

        #expect(try stage.say("MSG 3 U", payload: Self.typing, board) == [])
        #expect(stage.take(other) == ["MSG alice@example.com Alice \(Self.typing.utf8.count)"])
        let formatted =
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
            + "X-MMS-IM-Format: FN=Arial; EF=I; CO=ff; CS=0; PF=22\r\n\r\nHi Bob, café at 5?"
        #expect(try stage.say("MSG 4 N", payload: formatted, board) == [])
        #expect(stage.take(other) == ["MSG alice@example.com Alice 134"])
        #expect(stage.takePayloads(other) == [Self.typing, formatted])
        #expect(try stage.say("MSG 2 A", payload: Self.text("Sure :)\r\n\r\nSee you"), other) == ["ACK 2"])
        #expect(stage.take(board) == ["MSG bob@example.com Bob 80"])
        #expect(try stage.say("OUT", other) == ["OUT", "* close"])
        #expect(stage.take(board) == ["BYE bob@example.com"])
        #expect(try stage.say("OUT", board) == ["OUT", "* close"])
    }

    @Test("Being called, a third one, a message with its receipt, and the idle end")
    func beingCalled() throws {
        let stage = Stage {
            $0.robot = nil
            // Waiting is not to end the sessions.
            $0.limits.challengeTime = .seconds(3_600)
        }
        let alice = try stage.comeOnline("alice")
        let carol = try stage.comeOnline("carol")
        let dave = try stage.comeOnline("dave")
        let bobs = try stage.openRoom(stage.comeOnline("bob"), "bob")
        let carols = try stage.call("carol", carol, from: bobs)
        _ = try stage.say("CAL 5 alice@example.com", bobs)
        let ring = try stage.ring(alice)
        let board = stage.connect(.switchboard)
        #expect(
            try stage.say("ANS 1 alice@example.com \(ring.cookie) \(ring.session)", board)
                == ["IRO 1 1 2 bob@example.com Bob", "IRO 1 2 2 carol@example.com Carol", "ANS 1 OK"])
        #expect(stage.take(bobs) == ["JOI alice@example.com Alice"])
        #expect(stage.take(carols) == ["JOI alice@example.com Alice"])

        #expect(try stage.say("MSG 2 A", payload: Self.text("naïve ☕ ok"), board) == ["ACK 2"])
        #expect(stage.take(bobs) == ["MSG alice@example.com Alice 75"])
        #expect(stage.take(carols) == ["MSG alice@example.com Alice 75"])
        let daves = try stage.call("dave", dave, from: bobs)
        #expect(stage.take(board) == ["JOI dave@example.com Dave"])
        stage.disconnect(carols)
        #expect(stage.take(board) == ["BYE carol@example.com"])

        stage.wait(.seconds(299))
        #expect(stage.take(board) == [])
        stage.wait(.seconds(1))
        #expect(
            stage.take(board) == ["BYE bob@example.com 1", "BYE dave@example.com 1", "* close"])
        #expect(stage.take(daves).suffix(3) == ["BYE bob@example.com 1", "BYE alice@example.com 1", "* close"])
        // The notification sessions know nothing of it.
        #expect(try stage.say("PNG", alice) == ["QNG"])
    }

    @Test("Calls that fail, and a message that nobody hears")
    func failures() throws {
        let stage = Stage { $0.robot = nil }
        let carol = try stage.comeOnline("carol")
        let board = try stage.openRoom(stage.comeOnline("alice"), "alice")
        #expect(try stage.say("CAL 2 bob@example.com", board) == ["217 2"])
        let carols = try stage.call("carol", carol, from: board)
        #expect(try stage.say("CAL 4 carol@example.com", board) == ["215 4"])
        #expect(try stage.say("CAL 5 @@a", board) == ["208 5"])
        #expect(try stage.say("CAL 6 ALICE@example.com", board) == ["215 6"])
        stage.disconnect(carols)
        _ = stage.take(board)
        #expect(try stage.say("MSG 7 N", payload: Self.text("lost"), board) == ["NAK 7"])
        #expect(try stage.say("MSG 8 A", payload: Self.text("lost"), board) == ["NAK 8"])
        #expect(try stage.say("MSG 9 U", payload: Self.typing, board) == [])
    }

    @Test(
        "Nobody can be called who can't be seen",
        arguments: ["offline", "not yet there", "hidden", "blocking", "private", "no calls", "nonexistent"])
    func unreachable(how: String) throws {
        let stage = Stage { $0.robot = nil }
        let board = try stage.openRoom(stage.comeOnline("alice"), "alice")
        switch how {
        case "not yet there": _ = try stage.signIn("bob")
        case "hidden": _ = try stage.comeOnline("bob", "HDN")
        case "blocking":
            let bob = try stage.comeOnline("bob")
            _ = try stage.say("REM 9 AL alice@example.com", bob)
            _ = try stage.say("ADD 9 BL alice@example.com x", bob)
        case "private":
            let bob = try stage.comeOnline("bob")
            _ = try stage.say("REM 9 AL alice@example.com", bob)
            _ = try stage.say("BLP 9 BL", bob)
        case "no calls":
            let bob = try stage.comeOnline("bob")
            #expect(try stage.say("IMS 9 OFF", bob) == ["IMS 9 0 OFF"])
        default: break
        }
        let name = how == "nonexistent" ? "nobody" : "bob"
        #expect(try stage.say("CAL 2 \(name)@example.com", board) == ["217 2"])
        guard how == "no calls" else { return }
        // The next session begins with calls.
        let bob = try stage.comeOnline("bob")
        #expect(try stage.say("CAL 3 bob@example.com", board).first?.hasPrefix("CAL 3 RINGING ") == true)
        #expect(stage.take(bob).first?.hasPrefix("RNG ") == true)
    }

    @Test("The sixth refused call in a row is 713, and one that rings forgives all")
    func tooManyCalls() throws {
        let stage = Stage { $0.robot = nil }
        let bob = try stage.comeOnline("bob")
        let board = try stage.openRoom(stage.comeOnline("alice"), "alice")
        for call in 1...5 { #expect(try stage.say("CAL \(call) carol@example.com", board) == ["217 \(call)"]) }
        #expect(try stage.say("CAL 6 carol@example.com", board) == ["713 6"])
        #expect(try stage.say("CAL 7 @@a", board) == ["713 7"])
        _ = try stage.call("bob", bob, from: board)
        #expect(try stage.say("CAL 8 @@a", board) == ["208 8"])
    }

    @Test("A switchboard is refused before the first CHG, while hidden, and to who hoards cookies")
    func transfers() throws {
        let stage = Stage {
            $0.robot = nil
            $0.limits.openCookies = 2
            $0.limits.challengeTime = .seconds(3_600)
        }
        let id = try stage.signIn("alice")
        #expect(try stage.say("XFR 5 SB", id) == ["913 5"])
        _ = try stage.say("CHG 6 HDN", id)
        #expect(try stage.say("XFR 7 SB", id) == ["913 7"])
        _ = try stage.say("CHG 8 NLN", id)
        _ = try stage.openRoom(id, "alice")
        for _ in 1...2 { #expect(try stage.say("XFR 9 SB", id).first?.hasPrefix("XFR 9 SB ") == true) }
        #expect(try stage.say("XFR 9 SB", id) == ["280 9"])
        stage.wait(.seconds(120))
        #expect(try stage.say("XFR 9 SB", id).first?.hasPrefix("XFR 9 SB ") == true)
    }

    @Test(
        "Cookies open one thing, for one account, once, and soon",
        arguments: ["used", "expired", "stolen", "wrong door", "invented", "wrong session", "burnt"])
    func cookies(how: String) throws {
        let stage = Stage { $0.robot = nil }
        let alice = try stage.comeOnline("alice")
        let bob = try stage.comeOnline("bob")
        _ = stage.take(alice)
        let cookie = try stage.cookie(alice)
        var line = "USR 1 alice@example.com \(cookie)"
        switch how {
        case "used": #expect(try stage.say(line, stage.connect(.switchboard)).first?.hasPrefix("USR 1 OK") == true)
        case "expired": stage.time += .seconds(120)
        case "stolen": line = "USR 1 bob@example.com \(cookie)"
        case "wrong door": line = "ANS 1 alice@example.com \(cookie) 1"
        case "invented": line = "USR 1 alice@example.com \(String(cookie.reversed()))"
        case "burnt":
            #expect(
                try stage.say("USR 1 bob@example.com \(cookie)", stage.connect(.switchboard)) == ["911 1", "* close"])
        default:
            let board = stage.connect(.switchboard)
            _ = try stage.say(line, board)
            _ = try stage.say("CAL 2 bob@example.com", board)
            line = "ANS 1 bob@example.com \(try stage.ring(bob).cookie) 1"
        }
        let board = stage.connect(.switchboard)
        #expect(try stage.say(line, board) == ["911 1", "* close"])
        #expect(try stage.say("CAL 2 bob@example.com", board) == [])
    }

    @Test("Handles are compared without case, and answered as they are kept")
    func handleCase() throws {
        let stage = Stage { $0.robot = nil }
        let alice = try stage.comeOnline("alice")
        let board = stage.connect(.switchboard)
        #expect(
            try stage.say("USR 1 Alice@Example.COM \(stage.cookie(alice))", board)
                == ["USR 1 OK alice@example.com Alice"])
    }

    @Test(
        "Whatever has no place at a switchboard ends the connection",
        arguments: [
            "VER 1 MSNP6", "PNG", "SYN 1 0", "USR 1 alice@example.com", "CAL x bob@example.com", "CAL 1",
            "CAL 1 bob@example.com more", "JOI bob@example.com Bob", "ACK 1", "XFR 1 SB", "é",
        ])
    func misplaced(line: String) throws {
        let stage = Stage()
        #expect(try stage.say(line, stage.connect(.switchboard)) == ["* close"])
        let board = try stage.openRoom(stage.comeOnline("alice"), "alice")
        #expect(try stage.say(line, board) == ["* close"])
        let notification = try stage.signIn("bob")
        #expect(try stage.say("CAL 1 alice@example.com", notification) == ["* close"])
    }

    @Test("Before USR or ANS nothing else is heard, and not for longer than a minute; afterwards neither again")
    func admission() throws {
        let stage = Stage { $0.robot = nil }
        let alice = try stage.comeOnline("alice")
        for line in ["CAL 1 alice@example.com", "OUT"] {
            #expect(try stage.say(line, stage.connect(.switchboard)).last == "* close")
        }
        #expect(try stage.say("MSG 1 A", payload: Self.text("x"), stage.connect(.switchboard)) == ["* close"])
        let board = try stage.openRoom(alice, "alice")
        #expect(try stage.say("USR 3 alice@example.com x", board) == ["207 3"])
        #expect(try stage.say("ANS 3 alice@example.com x y", board) == ["207 3"])
        let late = stage.connect(.switchboard)
        stage.wait(.seconds(60))
        #expect(stage.take(late) == ["* close"])
        #expect(stage.take(board) == [])
    }

    @Test("Messages of 1,664 bytes and no more, of the types U, N and A and no other")
    func messageLimits() throws {
        let stage = Stage { $0.robot = nil }
        let bob = try stage.comeOnline("bob")
        let board = try stage.openRoom(stage.comeOnline("alice"), "alice")
        let bobs = try stage.call("bob", bob, from: board)
        let header = Self.text("")
        let longest = header + String(repeating: "x", count: 1_664 - header.utf8.count)
        #expect(try stage.say("MSG 2 A", payload: longest, board) == ["ACK 2"])
        #expect(stage.takePayloads(bobs) == [longest])
        #expect(stage.take(bobs) == ["MSG alice@example.com Alice 1664"])
        #expect(try stage.say("MSG 2 A", payload: "\u{0}\r\nno header at all", bobs) == ["ACK 2"])
        #expect(try stage.say("MSG 3 D", payload: Self.text("x"), bobs) == ["* close"])
        #expect(stage.take(board) == ["MSG bob@example.com Bob 19", "BYE bob@example.com"])
        #expect(try stage.say("MSG 4 A", payload: longest + "x", board) == ["* close"])
    }

    @Test("A call that was answered, left and made again rings again; one that nobody answered waits two minutes")
    func callingAgain() throws {
        let stage = Stage {
            $0.robot = nil
            // Waiting is not to end the sessions.
            $0.limits.challengeTime = .seconds(3_600)
        }
        let bob = try stage.comeOnline("bob")
        let board = try stage.openRoom(stage.comeOnline("alice"), "alice")
        _ = try stage.say("OUT", try stage.call("bob", bob, from: board))
        #expect(stage.take(board) == ["BYE bob@example.com"])
        _ = try stage.say("CAL 3 bob@example.com", board)
        let first = try stage.ring(bob)
        #expect(try stage.say("CAL 4 bob@example.com", board) == ["215 4"])
        stage.wait(.seconds(120))
        _ = try stage.say("CAL 5 bob@example.com", board)
        let second = try stage.ring(bob)
        #expect(second.cookie != first.cookie && second.session == first.session)

        // The ring went to a client that is gone: the next one rings, and its cookie is the only one.
        stage.disconnect(bob)
        #expect(try stage.say("CAL 6 bob@example.com", board) == ["217 6"])
        let again = try stage.comeOnline("bob")
        _ = try stage.say("CAL 7 bob@example.com", board)
        let third = try stage.ring(again)
        let stale = stage.connect(.switchboard)
        #expect(
            try stage.say("ANS 1 bob@example.com \(second.cookie) \(second.session)", stale) == ["911 1", "* close"])
        let bobs = stage.connect(.switchboard)
        #expect(
            try stage.say("ANS 1 bob@example.com \(third.cookie) \(third.session)", bobs).last == "ANS 1 OK")
    }

    @Test("Who comes after the caller has left finds an empty room, and can call from there")
    func emptyRoom() throws {
        let stage = Stage { $0.robot = nil }
        let alice = try stage.comeOnline("alice")
        let bob = try stage.comeOnline("bob")
        _ = stage.take(alice)
        let board = try stage.openRoom(alice, "alice")
        _ = try stage.say("CAL 2 bob@example.com", board)
        let ring = try stage.ring(bob)
        stage.disconnect(board)
        let bobs = stage.connect(.switchboard)
        #expect(try stage.say("ANS 1 bob@example.com \(ring.cookie) \(ring.session)", bobs) == ["ANS 1 OK"])
        #expect(try stage.say("MSG 2 A", payload: Self.text("x"), bobs) == ["NAK 2"])
        _ = try stage.call("alice", alice, from: bobs)
        #expect(try stage.say("MSG 3 A", payload: Self.text("x"), bobs) == ["ACK 3"])
    }

    @Test("Several rooms at once, and each outlives the session that opened it")
    func severalRooms() throws {
        let stage = Stage { $0.robot = nil }
        let alice = try stage.comeOnline("alice")
        let bob = try stage.comeOnline("bob")
        let first = try stage.openRoom(alice, "alice")
        let second = try stage.openRoom(alice, "alice")
        let firstBob = try stage.call("bob", bob, from: first)
        let secondBob = try stage.call("bob", bob, from: second)
        #expect(stage.order(.kick, "alice@example.com"))
        stage.disconnect(bob)
        #expect(try stage.say("MSG 2 A", payload: Self.text("one"), firstBob) == ["ACK 2"])
        #expect(stage.take(first) == ["MSG bob@example.com Bob 65"])
        #expect(stage.take(second) == [])
        #expect(try stage.say("MSG 3 A", payload: Self.text("two"), second) == ["ACK 3"])
        #expect(stage.take(secondBob) == ["MSG alice@example.com Alice 65"])
        #expect(stage.take(firstBob) == [])
    }

    @Test("A room has as many places as the limit says, those of called people included")
    func roomSize() throws {
        let stage = Stage {
            $0.robot = nil
            $0.limits.roomSize = 2
        }
        let bob = try stage.comeOnline("bob")
        let board = try stage.openRoom(stage.comeOnline("alice"), "alice")
        _ = try stage.say("CAL 2 bob@example.com", board)
        #expect(try stage.say("CAL 3 echo@example.com", board) == ["280 3"])
        let ring = try stage.ring(bob)
        _ = try stage.say("ANS 1 bob@example.com \(ring.cookie) x", stage.connect(.switchboard))
        #expect(try stage.say("CAL 4 echo@example.com", board).first?.hasPrefix("CAL 4 RINGING ") == true)
    }

    @Test("Talk keeps a room open, an empty one ends too, and the names are those of the moment")
    func idleRooms() throws {
        let stage = Stage {
            $0.robot = nil
            $0.limits.roomIdleTime = .seconds(30)
            $0.limits.challengeTime = .seconds(3_600)
        }
        let alice = try stage.comeOnline("alice")
        let bob = try stage.comeOnline("bob")
        let board = try stage.openRoom(alice, "alice")
        let bobs = try stage.call("bob", bob, from: board)
        stage.wait(.seconds(20))
        let empty = try stage.openRoom(alice, "alice")
        #expect(try stage.say("MSG 2 U", payload: Self.typing, board) == [])
        _ = try stage.say("REA 6 alice@example.com A.", alice)
        stage.wait(.seconds(29))
        #expect(try stage.say("MSG 3 A", payload: Self.text("x"), board) == ["ACK 3"])
        #expect(stage.take(bobs).last == "MSG alice@example.com A. 63")
        stage.wait(.seconds(1))
        #expect(stage.take(empty) == ["* close"])
        stage.wait(.seconds(28))
        #expect(stage.take(board) == [])
        stage.wait(.seconds(1))
        #expect(stage.take(board) == ["BYE bob@example.com 1", "* close"])
        #expect(stage.take(bobs) == ["BYE alice@example.com 1", "* close"])
    }
}
