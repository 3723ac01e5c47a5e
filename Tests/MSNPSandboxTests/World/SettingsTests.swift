import MSNP
import MSNPSandbox
import Testing

@Suite struct SettingsTests {
    @Test("GTC and BLP: a version for each change, 218 for none")
    func settings() throws {
        let stage = Stage()
        let id = try stage.signIn("erin")
        #expect(try stage.say("GTC 5 A", id) == ["218 5"])
        #expect(try stage.say("GTC 6 N", id) == ["GTC 6 2 N"])
        #expect(try stage.say("BLP 7 AL", id) == ["218 7"])
        #expect(try stage.say("BLP 8 BL", id) == ["BLP 8 3 BL"])
        #expect(try stage.say("BLP 9 BL", id) == ["218 9"])
    }

    @Test(
        "PRP by the rules",
        arguments: [
            ("PRP 5 PHH 1%20(555)%20010%200100", ["PRP 5 2 PHH 1%20(555)%20010%200100"]),
            ("PRP 5 PHH", ["PRP 5 2 PHH"]),
            ("PRP 5 NEW x", ["715 5"]), ("PRP 5 phh 1", ["715 5"]), ("PRP 5 P 1", ["715 5"]),
            ("PRP 5 PHHH 1", ["* close"]), ("PRP 5 PHW \(String(repeating: "1", count: 96))", ["* close"]),
            ("PRP 5 PHW \(String(repeating: "%20", count: 32))", ["* close"]),
            ("PRP 5 PHW \(String(repeating: "é", count: 16))", ["* close"]),
            ("PRP 5 PHW \(String(repeating: "1", count: 95))", ["PRP 5 2 PHW \(String(repeating: "1", count: 95))"]),
            ("PRP 5 MOB Y", ["PRP 5 1 MOB N"]), ("PRP 5 MOB X", ["201 5"]), ("PRP 5 MBE", ["201 5"]),
            ("PRP 5", ["* close"]),
        ])
    func phones(line: String, answer: [String]) throws {
        let stage = Stage()
        let id = try stage.signIn("erin")
        #expect(try stage.say(line, id) == answer)
    }

    @Test("PRP is MSNP5's")
    func olderDialect() throws {
        let stage = Stage()
        let id = try stage.signIn("erin", "MSNP4")
        #expect(try stage.say("PRP 5 PHH 1", id) == ["* close"])
    }

    @Test("A registered device takes pages until it is given up")
    func mobile() throws {
        let stage = Stage()
        let alice = try stage.signIn("alice")
        let bob = try stage.signIn("bob")
        #expect(try stage.say("PRP 5 MBE Y", alice) == ["PRP 5 2 MBE Y"])
        #expect(stage.take(bob) == [])
        #expect(try stage.say("PRP 6 MOB Y", alice) == ["PRP 6 3 MOB Y"])
        #expect(stage.take(bob) == ["BPR 2 alice@example.com MOB Y"])
        #expect(try stage.say("PRP 7 MBE N", alice) == ["PRP 7 4 MBE N", "PRP 0 5 MOB N"])
        #expect(stage.take(bob) == ["BPR 3 alice@example.com MOB N"])
    }

    @Test("Numbers reach contacts that may see them, in their own versions, and age what the others have cached")
    func contactPhones() throws {
        let stage = Stage()
        let alice = try stage.signIn("alice")
        let bob = try stage.signIn("bob")
        let carol = try stage.signIn("carol", "MSNP4")
        _ = try stage.say("REM 5 AL carol@example.com", alice)
        _ = try stage.say("ADD 6 BL carol@example.com Carol", alice)
        #expect(try stage.say("PRP 7 PHM 555", alice) == ["PRP 7 4 PHM 555"])
        #expect(stage.take(bob) == ["BPR 2 alice@example.com PHM 555"])
        #expect(stage.take(carol) == [])
        #expect(try stage.account("carol").version == 1)
        #expect(try stage.account("dave").version == 2)
        // The blocked one sees no number in a synchronisation either.
        let again = try stage.signIn("carol")
        #expect(try stage.say("SYN 5 0", again).contains("BPR 1 alice@example.com PHM"))
        #expect(try stage.say("SYN 8 0", bob).contains("BPR 2 alice@example.com PHM 555"))
    }
}
