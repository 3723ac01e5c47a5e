import MSNP
import MSNPSandbox
import Testing

@Suite struct FaultTests {
    @Test(
        "Ends of a session, for one and for all",
        arguments: [
            (Fault.kick, ["OUT OTH", "* close"]), (.shutdown, ["OUT SSD", "* close"]), (.drop, ["* drop"]),
        ])
    func ends(fault: Fault, lines: [String]) throws {
        let stage = Stage()
        let alice = try stage.comeOnline("alice")
        let bob = try stage.comeOnline("bob")
        _ = stage.take(alice)
        #expect(stage.order(fault, "ALICE@example.com"))
        #expect(stage.take(alice) == lines)
        #expect(stage.take(bob) == ["FLN alice@example.com"])
        #expect(!stage.order(fault, "alice@example.com"))
        let carol = try stage.signIn("carol")
        #expect(stage.order(fault))
        #expect(stage.take(bob) == lines)
        #expect(stage.take(carol) == lines)
        #expect(!stage.order(fault))
    }

    @Test("Nobody by that name, nobody there, no count to speak of", arguments: Fault.allCases)
    func nothingToStrike(fault: Fault) throws {
        let stage = Stage()
        #expect(!stage.order(fault, "nobody@example.com"))
        #expect(!stage.order(fault, "alice@example.com", count: 0))
        #expect(!stage.order(fault, "alice@example.com", count: 1_001))
        let waits = fault == .busy || fault == .wrongChallenge || fault == .nak
        // A mailbox is there without its owner.
        #expect(stage.order(fault, "alice@example.com") == (waits || fault == .mail))
        #expect(stage.order(fault) == waits)
        #expect(stage.order(fault, "echo@example.com") == waits)
    }

    @Test("A counted stall swallows commands and nothing else")
    func countedStall() throws {
        let stage = Stage { $0.robot = nil }
        let alice = try stage.comeOnline("alice")
        #expect(stage.order(.stall, "alice@example.com", count: 2))
        #expect(try stage.say("PNG", alice) == [])
        let bob = try stage.comeOnline("bob")
        #expect(stage.take(alice) == ["NLN NLN bob@example.com Bob"])
        #expect(try stage.say("CHG 6 BSY", alice) == [])
        #expect(stage.take(bob) == [])
        #expect(try stage.say("PNG", alice) == ["QNG"])
    }

    @Test("A stall without a count is silence until the drop")
    func endlessStall() throws {
        let stage = Stage { $0.robot = nil }
        let alice = try stage.comeOnline("alice")
        #expect(stage.order(.stall, "alice@example.com"))
        for _ in 1...3 { #expect(try stage.say("PNG", alice) == []) }
        _ = try stage.comeOnline("bob")
        stage.wait(.seconds(600))
        #expect(try stage.say("OUT", alice) == [])
        #expect(stage.take(alice) == [])
        #expect(stage.order(.drop, "alice@example.com"))
        #expect(stage.take(alice) == ["* drop"])
    }

    @Test("A challenge at any time")
    func challenge() throws {
        let stage = Stage()
        let alice = try stage.signIn("alice")
        #expect(stage.order(.challenge, "alice@example.com"))
        let lines = stage.take(alice)
        #expect(lines.count == 1 && lines[0].hasPrefix("CHL 0 "))
        let challenge = try #require(lines[0].split(separator: " ").last)
        let answer = digest(String(challenge), "Q1P7W2E4J9R8U3S5")
        #expect(try stage.say("QRY 5 msmsgs@msnmsgr.com", payload: answer, alice) == ["QRY 5"])
    }

    @Test("Right answers refused, as often as ordered", arguments: ["alice@example.com", nil])
    func wrongChallenge(account: String?) throws {
        let stage = Stage()
        #expect(stage.order(.wrongChallenge, account, count: 2))
        for isRefused in [true, true, false] {
            let id = try stage.signIn("alice")
            let line = try #require(try stage.say("CHL 5", id).first)
            let challenge = try #require(line.split(separator: " ").last)
            let answer = digest(String(challenge), "Q1P7W2E4J9R8U3S5")
            #expect(
                try stage.say("QRY 6 msmsgs@msnmsgr.com", payload: answer, id)
                    == (isRefused ? ["540 6", "* close"] : ["QRY 6"]))
        }
    }

    @Test("Sign-ins refused, as often as ordered, at either server")
    func busy() throws {
        let stage = Stage()
        func beginning(_ role: Role, _ name: String) throws -> [String] {
            let id = stage.connect(role)
            _ = try stage.say("VER 1 MSNP6", id)
            return try stage.say("USR 3 MD5 I \(name)@example.com", id)
        }
        #expect(stage.order(.busy, "alice@example.com", count: 2))
        #expect(try beginning(.dispatch, "bob").first?.hasPrefix("XFR 3") == true)
        #expect(try beginning(.dispatch, "alice") == ["600 3", "* close"])
        #expect(try beginning(.notification, "alice") == ["600 3", "* close"])
        #expect(try beginning(.notification, "alice").first?.hasPrefix("USR 3 MD5 S") == true)
        #expect(stage.order(.busy))
        #expect(try beginning(.notification, "nobody") == ["600 3", "* close"])
        #expect(try beginning(.notification, "alice").first?.hasPrefix("USR 3 MD5 S") == true)
    }

    @Test("Malformed lines leave a tolerant reader where it was")
    func malformed() throws {
        let stage = Stage()
        let alice = try stage.comeOnline("alice")
        _ = stage.take(alice)
        let (affected, deliveries) = stage.world.order(
            .malformed, account: "alice@example.com", count: nil, at: stage.time)
        #expect(affected)
        guard case .sendBytes(let bytes) = try #require(deliveries.first).action else {
            Issue.record("no raw bytes")
            return
        }
        var decoder = FrameDecoder(.fromServer)
        decoder.append(bytes.span)
        decoder.append(Array("QNG\r\n".utf8).span)
        var commands: [ServerCommand] = []
        var refused = 0
        while let frame = try decoder.next() {
            if let command = try? ServerCommand(parsing: frame) { commands.append(command) } else { refused += 1 }
        }
        #expect(refused > 8)
        #expect(commands.last == .pong)
        // What can be read concerns nobody that alice knows.
        for command in commands.dropLast() {
            switch command {
            case .presence(_, let member), .initialPresence(_, _, let member):
                #expect(member.handle == "stranger@example.com")
            case .offline(let handle): #expect(handle == "stranger@example.com")
            default: Issue.record("\(command.frame.command) has an effect")
            }
        }
    }
}
