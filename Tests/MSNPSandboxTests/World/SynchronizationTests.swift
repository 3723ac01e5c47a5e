import MSNP
import MSNPSandbox
import Testing

@Suite struct SynchronizationTests {
    private static let lists = [
        "LST 8 FL 1 1 3 bob@example.com Bob", "LST 8 FL 1 2 3 carol@example.com Carol",
        "LST 8 FL 1 3 3 echo@example.com Echo", "LST 8 AL 1 1 3 bob@example.com Bob",
        "LST 8 AL 1 2 3 carol@example.com Carol", "LST 8 AL 1 3 3 echo@example.com Echo", "LST 8 BL 1 0 0",
        "LST 8 RL 1 1 4 bob@example.com Bob", "LST 8 RL 1 2 4 carol@example.com Carol",
        "LST 8 RL 1 3 4 echo@example.com Echo", "LST 8 RL 1 4 4 dave@example.com Dave",
    ]

    @Test("MSNP4: no phones", arguments: [0, 2, UInt32.max])
    func withoutPhones(version: UInt32) throws {
        let stage = Stage()
        let id = try stage.signIn("alice", "MSNP4")
        #expect(
            try stage.say("SYN 8 \(version)", id) == ["SYN 8 1", "GTC 8 1 A", "BLP 8 1 AL"] + Self.lists)
    }

    @Test("MSNP5: own phones before the lists, contacts' phones after each forward line")
    func withPhones() throws {
        let stage = Stage()
        let id = try stage.signIn("alice", "MSNP5")
        let phones = ["PHH", "PHW", "PHM", "MOB N"]
        let own = (phones + ["MBE N"]).map { "PRP 8 1 \($0)" }
        let forward = Self.lists.prefix(3).flatMap { line -> [String] in
            let handle = line.split(separator: " ")[6]
            // The robot takes pages.
            let shown = handle.hasPrefix("echo") ? ["PHH", "PHW", "PHM 15550100", "MOB Y"] : phones
            return [line] + shown.map { "BPR 1 \(handle) \($0)" }
        }
        #expect(
            try stage.say("SYN 8 0", id)
                == ["SYN 8 1", "GTC 8 1 A", "BLP 8 1 AL"] + own + forward + Self.lists.dropFirst(3))
    }

    @Test("Nothing but the line when the client has it already")
    func unchanged() throws {
        let stage = Stage()
        let id = try stage.signIn("alice")
        #expect(try stage.say("SYN 8 1", id) == ["SYN 8 1"])
        #expect(try stage.say("GTC 9 N", id) == ["GTC 9 2 N"])
        #expect(try stage.say("SYN 10 2", id) == ["SYN 10 2"])
        #expect(try stage.say("SYN 11 1", id).count > 1)
    }

    @Test("One list on request, without phones")
    func list() throws {
        let stage = Stage()
        let id = try stage.signIn("alice")
        #expect(try stage.say("LST 8 FL", id) == Array(Self.lists.prefix(3)))
        #expect(try stage.say("LST 8 BL", id) == ["LST 8 BL 1 0 0"])
        #expect(try stage.say("LST 8 RL", id) == Array(Self.lists.suffix(4)))
        #expect(try stage.say("LST 8 XL", id) == ["* close"])
    }

    @Test("The accounts that docs/sandbox.md names")
    func population() throws {
        let stage = Stage { $0.extraAccounts = 3 }
        for name in ["alice", "bob", "carol"] {
            let others = ["alice", "bob", "carol", "echo"].filter { $0 != name }
            #expect(try Set(stage.names(name, on: .forward)) == Set(others))
            #expect(try Set(stage.names(name, on: .allow)) == Set(others))
        }
        #expect(try stage.names("alice", on: .reverse) == ["bob", "carol", "echo", "dave"])
        #expect(try stage.names("dave", on: .forward) == ["alice"])
        for list in ListName.allCases { #expect(try stage.names("erin", on: list) == []) }
        #expect(try stage.account("alice").unread == 2)
        #expect(try stage.account("user0003").name == "User 0003")
        #expect(stage.world.account(named: "user0004@example.com") == nil)
        for name in ["alice", "uma", "kid", "nora", "echo", "user0001"] {
            #expect(try stage.account(name).version == 1)
        }
    }

    @Test("Extra accounts in groups that know each other")
    func groups() throws {
        let stage = Stage {
            $0.extraAccounts = 5
            $0.contactsOfExtraAccounts = 2
        }
        #expect(try stage.names("user0002", on: .forward) == ["user0001", "user0003"])
        #expect(try stage.names("user0004", on: .reverse) == ["user0005"])
    }
}
