import MSNP
import MSNPSandbox
import Testing

@Suite struct ListTests {
    @Test(
        "Refused additions",
        arguments: [
            ("FL bob@example.com Bob", 215), ("AL bob@example.com Bob", 215), ("BL bob@example.com Bob", 219),
            ("FL nobody@example.com x", 205), ("FL a@b x", 201), ("FL @@a x", 201), ("FL bob x", 201),
            ("FL @example.com x", 201), ("FL bob@example. x", 201),
            ("FL \(String(repeating: "x", count: 129))@example.com x", 201),
            ("AL dave@example.com \(String(repeating: "x", count: 388))", 201),
        ])
    func refusedAdditions(parameters: String, code: Int) throws {
        let stage = Stage()
        let id = try stage.signIn("alice")
        #expect(try stage.say("ADD 5 \(parameters)", id) == ["\(code) 5"])
        #expect(try stage.account("alice").version == 1)
    }

    @Test("Blocked people can't be allowed as well")
    func oppositeList() throws {
        let stage = Stage()
        let id = try stage.signIn("alice")
        _ = try stage.say("ADD 5 BL dave@example.com Dave", id)
        #expect(try stage.say("ADD 6 AL dave@example.com Dave", id) == ["219 6"])
        #expect(try stage.say("REM 7 BL dave@example.com", id) == ["REM 7 BL 3 dave@example.com"])
        #expect(try stage.say("ADD 8 AL dave@example.com Dave", id) == ["ADD 8 AL 4 dave@example.com Dave"])
    }

    @Test("Full lists, one's own and the other's")
    func fullLists() throws {
        let stage = Stage {
            $0.limits.forwardList = 4
            $0.limits.allowList = 3
            $0.limits.blockList = 0
        }
        let alice = try stage.signIn("alice")
        #expect(try stage.say("ADD 5 FL dave@example.com x", alice).first == "ADD 5 FL 2 dave@example.com x")
        #expect(try stage.say("ADD 6 FL erin@example.com x", alice) == ["210 6"])
        #expect(try stage.say("ADD 7 AL erin@example.com x", alice) == ["210 7"])
        #expect(try stage.say("ADD 8 BL erin@example.com x", alice) == ["210 8"])

        let other = Stage { $0.limits.reverseList = 4 }
        let erin = try other.signIn("erin")
        #expect(try other.say("ADD 5 FL alice@example.com x", erin) == ["210 5"])
        #expect(try other.say("ADD 6 FL bob@example.com x", erin).first == "ADD 6 FL 2 bob@example.com x")
    }

    @Test("Additions and removals on the forward list reach the other's reverse list, also while signed out")
    func reverseList() throws {
        let stage = Stage()
        let alice = try stage.signIn("alice")
        let erin = try stage.signIn("erin", "MSNP4")
        #expect(
            try stage.say("ADD 5 FL ERIN@example.com Erin%20E", alice)
                == [
                    "ADD 5 FL 2 erin@example.com Erin%20E", "BPR 2 erin@example.com PHH",
                    "BPR 2 erin@example.com PHW", "BPR 2 erin@example.com PHM", "BPR 2 erin@example.com MOB N",
                ])
        #expect(stage.take(erin) == ["ADD 0 RL 2 alice@example.com Alice"])
        #expect(try stage.names("erin", on: .reverse) == ["alice"])
        #expect(try stage.say("REM 6 FL erin@example.com", alice) == ["REM 6 FL 3 erin@example.com"])
        #expect(stage.take(erin) == ["REM 0 RL 3 alice@example.com"])
        #expect(try stage.names("erin", on: .reverse) == [])

        stage.disconnect(erin)
        _ = try stage.say("ADD 7 FL erin@example.com", alice)
        #expect(try stage.account("erin").version == 4)
        #expect(try stage.names("erin", on: .reverse) == ["alice"])
    }

    @Test("An addition without a name takes the handle for it")
    func withoutName() throws {
        let stage = Stage()
        let id = try stage.signIn("alice")
        #expect(
            try stage.say("ADD 5 AL dave@example.com", id)
                == ["ADD 5 AL 2 dave@example.com dave@example.com"])
    }

    @Test("Refused removals", arguments: ["BL ghost@example.com", "BL bob@example.com", "AL dave@example.com"])
    func refusedRemovals(parameters: String) throws {
        let stage = Stage()
        let id = try stage.signIn("alice")
        #expect(try stage.say("REM 5 \(parameters)", id) == ["216 5"])
    }

    @Test("An online contact shows at once, with the ID of the addition")
    func presenceAfterAddition() throws {
        let stage = Stage()
        _ = try stage.comeOnline("dave", "BRB")
        let alice = try stage.comeOnline("alice")
        #expect(
            try stage.say("ADD 14 FL dave@example.com Dave", alice).last
                == "ILN 14 BRB dave@example.com Dave")
        // Hidden people and those who aren't there don't.
        _ = try stage.comeOnline("erin", "HDN")
        #expect(try stage.say("ADD 15 FL erin@example.com E", alice).last == "BPR 3 erin@example.com MOB N")
        // Before the first CHG nobody sees anything.
        let bob = try stage.signIn("bob")
        #expect(try stage.say("ADD 5 FL dave@example.com Dave", bob).last == "BPR 2 dave@example.com MOB N")
    }

    @Test("The robot accepts whoever adds it")
    func robot() throws {
        let stage = Stage()
        let erin = try stage.comeOnline("erin")
        let answer = try stage.say("ADD 6 FL echo@example.com Echo", erin)
        #expect(answer.first == "ADD 6 FL 2 echo@example.com Echo")
        #expect(
            answer.suffix(2) == ["ILN 6 NLN echo@example.com Echo", "ADD 0 RL 3 echo@example.com Echo"])
        #expect(try stage.names("echo", on: .forward).contains("erin"))
        #expect(try stage.names("echo", on: .allow).contains("erin"))
        #expect(try stage.names("erin", on: .reverse) == ["echo"])
    }

    @Test("The name kept for a contact is one for all lists and goes with the last of them")
    func contactNames() throws {
        let stage = Stage()
        let id = try stage.signIn("alice")
        #expect(try stage.say("REA 5 bob@example.com Bobby", id) == ["REA 5 2 bob@example.com Bobby"])
        #expect(try stage.say("LST 6 AL", id).first == "LST 6 AL 2 1 3 bob@example.com Bobby")
        #expect(try stage.say("REA 7 erin@example.com Erin", id) == ["216 7"])
        _ = try stage.say("ADD 8 AL erin@example.com Erin", id)
        #expect(try stage.say("REA 9 erin@example.com E", id) == ["REA 9 4 erin@example.com E"])
        _ = try stage.say("REM 10 AL erin@example.com", id)
        #expect(try stage.say("REA 11 erin@example.com Erin", id) == ["216 11"])
        #expect(try stage.say("REA 12 nobody@example.com x", id) == ["216 12"])
    }
}
