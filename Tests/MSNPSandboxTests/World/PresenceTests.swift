import MSNP
import MSNPSandbox
import Testing

@Suite struct PresenceTests {
    @Test("Coming, changing, renaming and going")
    func lifeOfTwo() throws {
        let stage = Stage { $0.robot = nil }
        let alice = try stage.comeOnline("alice")
        let bob = try stage.signIn("bob")
        #expect(stage.take(alice) == [])
        let answer = try stage.say("CHG 5 BSY", bob)
        #expect(
            answer.dropLast() == [
                "CHG 5 BSY", "ILN 5 NLN alice@example.com Alice", "ILN 5 NLN echo@example.com Echo",
            ])
        #expect(answer.last?.hasPrefix("CHL 0 ") == true)
        #expect(stage.take(alice) == ["NLN BSY bob@example.com Bob"])
        #expect(try stage.say("CHG 6 AWY", bob) == ["CHG 6 AWY"])
        #expect(stage.take(alice) == ["NLN AWY bob@example.com Bob"])
        #expect(try stage.say("CHG 7 AWY", bob) == ["CHG 7 AWY"])
        #expect(stage.take(alice) == [])
        #expect(try stage.say("REA 8 bob@example.com Bob%20B.", bob) == ["REA 8 2 bob@example.com Bob%20B."])
        #expect(stage.take(alice) == ["NLN AWY bob@example.com Bob%20B."])
        stage.disconnect(bob)
        #expect(stage.take(alice) == ["FLN bob@example.com"])
        // The name stays.
        let again = stage.connect()
        #expect(try stage.identify("bob", again).first == "USR 4 OK bob@example.com Bob%20B. 1")
        #expect(try stage.say("OUT", again) == ["OUT", "* close"])
        #expect(stage.take(alice) == [])
    }

    @Test("Hidden people see and aren't seen")
    func hidden() throws {
        let stage = Stage { $0.robot = nil }
        let alice = try stage.comeOnline("alice")
        let bob = try stage.signIn("bob")
        #expect(try stage.say("CHG 5 HDN", bob).contains("ILN 5 NLN alice@example.com Alice"))
        #expect(stage.take(alice) == [])
        _ = try stage.say("CHG 5 PHN", alice)
        #expect(stage.take(bob) == ["NLN PHN alice@example.com Alice"])
        _ = try stage.say("REA 6 bob@example.com Bob%20B.", bob)
        #expect(stage.take(alice) == [])
        _ = try stage.say("CHG 7 LUN", bob)
        #expect(stage.take(alice) == ["NLN LUN bob@example.com Bob%20B."])
        _ = try stage.say("CHG 8 HDN", bob)
        #expect(stage.take(alice) == ["FLN bob@example.com"])
        stage.disconnect(bob)
        #expect(stage.take(alice) == [])
    }

    @Test("Blocking hides, unblocking shows")
    func blocking() throws {
        let stage = Stage { $0.robot = nil }
        let alice = try stage.comeOnline("alice")
        let bob = try stage.comeOnline("bob")
        _ = stage.take(alice)
        _ = try stage.say("REM 6 AL bob@example.com", alice)
        #expect(stage.take(bob) == [])
        _ = try stage.say("ADD 7 BL bob@example.com Bob", alice)
        #expect(stage.take(bob) == ["FLN alice@example.com"])
        _ = try stage.say("CHG 8 BSY", alice)
        _ = try stage.say("REA 9 alice@example.com A", alice)
        #expect(stage.take(bob) == [])
        // The one who blocks still sees.
        _ = try stage.say("CHG 8 IDL", bob)
        #expect(stage.take(alice) == ["NLN IDL bob@example.com Bob"])
        // A blocked newcomer sees nothing either.
        stage.disconnect(bob)
        let again = try stage.signIn("bob")
        #expect(try !stage.say("CHG 5 NLN", again).contains { $0.contains("alice@") })
        _ = try stage.say("REM 10 BL bob@example.com", alice)
        #expect(stage.take(again) == ["NLN BSY alice@example.com A"])
    }

    @Test("BLP hides from those who are on neither list")
    func privacy() throws {
        let stage = Stage { $0.robot = nil }
        let alice = try stage.comeOnline("alice")
        let dave = try stage.comeOnline("dave")
        let bob = try stage.comeOnline("bob")
        _ = try stage.say("BLP 6 BL", alice)
        #expect(stage.take(dave) == ["FLN alice@example.com"])
        #expect(stage.take(bob) == [])
        _ = try stage.say("ADD 7 AL dave@example.com Dave", alice)
        #expect(stage.take(dave) == ["NLN NLN alice@example.com Alice"])
        _ = try stage.say("REM 8 AL dave@example.com", alice)
        #expect(stage.take(dave) == ["FLN alice@example.com"])
        _ = try stage.say("BLP 9 AL", alice)
        #expect(stage.take(dave) == ["NLN NLN alice@example.com Alice"])
    }

    @Test("Presence reaches those alone who have the other on the forward list and sent a first CHG")
    func audience() throws {
        let stage = Stage { $0.robot = nil }
        let bob = try stage.signIn("bob")
        let dave = try stage.comeOnline("dave")
        let alice = try stage.comeOnline("alice")
        #expect(stage.take(bob) == [])
        #expect(stage.take(dave) == ["NLN NLN alice@example.com Alice"])
        // Dave isn't on alice's list.
        _ = try stage.say("CHG 6 BSY", dave)
        #expect(stage.take(alice) == [])
        // Taken off the list, no more comes.
        _ = try stage.say("REM 7 FL alice@example.com", dave)
        _ = stage.take(alice)
        _ = try stage.say("CHG 8 BSY", alice)
        #expect(stage.take(dave) == [])
    }

    @Test("Nobody is told of themselves")
    func oneself() throws {
        let stage = Stage { $0.robot = nil }
        let id = try stage.comeOnline("erin")
        let phones = ["PHH", "PHW", "PHM", "MOB N"].map { "BPR 2 erin@example.com \($0)" }
        #expect(
            try stage.say("ADD 6 FL erin@example.com Erin", id)
                == ["ADD 6 FL 2 erin@example.com Erin"] + phones + ["ADD 0 RL 3 erin@example.com Erin"])
        #expect(try stage.say("CHG 7 BSY", id) == ["CHG 7 BSY"])
        #expect(
            try stage.say("REM 8 FL erin@example.com", id)
                == ["REM 8 FL 4 erin@example.com", "REM 0 RL 5 erin@example.com"])
    }

    @Test("Unread mail is announced after the first CHG")
    func mail() throws {
        let stage = Stage { $0.robot = nil }
        let alice = try stage.signIn("alice")
        let answer = try stage.say("CHG 5 NLN", alice)
        #expect(answer.contains { $0.hasPrefix("MSG Hotmail Hotmail ") })
        let payload = try #require(stage.takePayloads(alice).first)
        #expect(payload.contains("text/x-msmsgsinitialemailnotification; charset=UTF-8\r\n\r\nInbox-Unread: 2\r\n"))
        #expect(payload.contains("Post-URL: https://login.sandbox.example/"))
        #expect(try stage.say("CHG 6 BSY", alice) == ["CHG 6 BSY"])
        let bob = try stage.signIn("bob")
        _ = try stage.say("CHG 5 NLN", bob)
        #expect(stage.takePayloads(bob) == [])
        let old = try stage.signIn("alice", "MSNP2")
        _ = try stage.say("CHG 5 NLN", old)
        #expect(stage.takePayloads(old).first?.contains("application/x-msmsgsemailnotification\r\n") == true)
    }

    @Test("The sixth rename within the window is one too many")
    func renames() throws {
        let stage = Stage()
        let id = try stage.signIn("erin")
        for number in 1...5 {
            #expect(
                try stage.say("REA \(number) erin@example.com E\(number)", id)
                    == ["REA \(number) \(number + 1) erin@example.com E\(number)"])
        }
        #expect(try stage.say("REA 6 erin@example.com E6", id) == ["800 6"])
        stage.wait(.seconds(10))
        #expect(try stage.say("REA 7 erin@example.com E7", id) == ["REA 7 7 erin@example.com E7"])
    }

    @Test(
        "Refused names",
        arguments: [
            "forbidden", "very%20Forbidden", "", String(repeating: "x", count: 388), String(repeating: "é", count: 65),
        ])
    func refusedNames(name: String) throws {
        let stage = Stage()
        let id = try stage.signIn("erin")
        #expect(try stage.say("REA 5 erin@example.com \(name)", id) == ["209 5"])
    }

    @Test("The robot comes and goes")
    func robot() throws {
        let stage = Stage { $0.limits.challengeTime = .seconds(10_000) }
        let bob = try stage.comeOnline("bob")
        stage.wait(.seconds(49))
        #expect(stage.take(bob) == [])
        stage.wait(.seconds(1))
        #expect(stage.take(bob) == ["FLN echo@example.com"])
        stage.wait(.seconds(10))
        #expect(stage.take(bob) == ["NLN NLN echo@example.com Echo"])
        // Whatever was slept through is caught up with at once.
        stage.wait(.seconds(60 * 60 + 55))
        #expect(stage.take(bob) == ["FLN echo@example.com"])
        #expect(stage.world.nextDeadline == .seconds(62 * 60))
    }
}
