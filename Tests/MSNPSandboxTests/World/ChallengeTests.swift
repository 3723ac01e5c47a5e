import MSNP
import MSNPSandbox
import Testing

@Suite struct ChallengeTests {
    private static func challenge(in lines: [String]) throws -> String {
        let line = try #require(lines.last { $0.hasPrefix("CHL ") })
        return String(try #require(line.split(separator: " ").last))
    }

    @Test(
        "Every known client",
        arguments: [
            ("msmsgs@msnmsgr.com", "Q1P7W2E4J9R8U3S5"), ("PROD0038W!61ZTF9", "VT6PX?UQTM4WM%YR"),
            ("PROD0058#7IL2{QD", "QHDCY@7R1TB6W?5B"), ("PROD0061VRRZH@4F", "JXQ6J@TUOGYV@N0M"),
            ("PROD00504RLUG%WL", "I2EBK%PYNLZL5_J4"), ("PROD0076ENE8*@AW", "CEQJ8}OE0!WTSWII"),
        ])
    func answer(client: String, key: String) throws {
        let stage = Stage { $0.robot = nil }
        let id = try stage.signIn("alice")
        let challenge = try Self.challenge(in: stage.say("CHG 5 NLN", id))
        #expect(try stage.say("QRY 6 \(client)", payload: digest(challenge, key), id) == ["QRY 6"])
        // Answered once, it is answered.
        #expect(try stage.say("QRY 7 \(client)", payload: digest(challenge, key), id) == ["540 7", "* close"])
    }

    @Test("A wrong answer", arguments: ["msmsgs@msnmsgr.com", "PROD0000STRANGER"])
    func wrongAnswer(client: String) throws {
        let stage = Stage()
        let bob = try stage.comeOnline("bob")
        let id = try stage.comeOnline("alice")
        _ = stage.take(bob)
        let answer = digest("12345678901234567890", "Q1P7W2E4J9R8U3S5")
        #expect(try stage.say("QRY 6 \(client)", payload: answer, id) == ["540 6", "* close"])
        #expect(stage.take(bob) == ["FLN alice@example.com"])
    }

    @Test("No answer in time")
    func noAnswer() throws {
        let stage = Stage { $0.robot = nil }
        let silent = try stage.comeOnline("alice")
        let bob = try stage.signIn("bob")
        let challenge = try Self.challenge(in: stage.say("CHG 5 NLN", bob))
        _ = try stage.say("QRY 6 msmsgs@msnmsgr.com", payload: digest(challenge, "Q1P7W2E4J9R8U3S5"), bob)
        _ = stage.take(silent)
        stage.wait(.seconds(49))
        #expect(stage.take(silent) == [])
        stage.wait(.seconds(1))
        #expect(stage.take(silent) == ["OUT", "* close"])
        #expect(stage.take(bob) == ["FLN alice@example.com"])
    }

    @Test("A client may ask for one, and answer an earlier one")
    func requested() throws {
        let stage = Stage { $0.robot = nil }
        let id = try stage.signIn("alice")
        let lines = try ["CHL 5", "CHL 6", "CHL 7"].map { try stage.say($0, id) }
        #expect(lines.map { $0.first?.prefix(6) } == ["CHL 5 ", "CHL 6 ", "CHL 7 "])
        let answers = try lines.map { digest(try Self.challenge(in: $0), "Q1P7W2E4J9R8U3S5") }
        #expect(try stage.say("QRY 8 msmsgs@msnmsgr.com", payload: answers[1], id) == ["QRY 8"])
        #expect(try stage.say("QRY 9 msmsgs@msnmsgr.com", payload: answers[2], id) == ["QRY 9"])
        #expect(try stage.say("QRY 10 msmsgs@msnmsgr.com", payload: answers[0], id) == ["540 10", "* close"])
    }

    @Test("Asking without answering forgets the oldest")
    func openChallenges() throws {
        let stage = Stage { $0.limits.openChallenges = 2 }
        let id = try stage.signIn("alice")
        let lines = try ["CHL 5", "CHL 6", "CHL 7"].map { try stage.say($0, id) }
        let answer = digest(try Self.challenge(in: lines[0]), "Q1P7W2E4J9R8U3S5")
        #expect(try stage.say("QRY 8 msmsgs@msnmsgr.com", payload: answer, id) == ["540 8", "* close"])
    }

    @Test("MSNP5 has no challenges")
    func olderDialect() throws {
        let stage = Stage { $0.robot = nil }
        let id = try stage.signIn("bob", "MSNP5")
        #expect(try stage.say("CHG 5 NLN", id) == ["CHG 5 NLN", "ILN 5 NLN echo@example.com Echo"])
        #expect(!stage.order(.challenge, "bob@example.com"))
        #expect(try stage.say("CHL 6", id) == ["* close"])
    }
}
