import MSNP
import MSNPSandbox
import Testing

/// People who act at random, and what each of them has been told about the others' presence.
struct Crowd {
    private let stage: Stage
    private var connections: [String: ConnectionID] = [:]
    /// What each has been shown since signing in: status by handle.
    private var shown: [String: [String: String]] = [:]
    /// How often somebody was told of somebody.
    private(set) var presences = 0

    /// What was said last, for who has to find out why something went wrong.
    private(set) var lastLine = ""

    init(_ stage: Stage) { self.stage = stage }

    /// Lets somebody do one thing.
    mutating func act(_ user: String, _ random: inout SplitMix) throws {
        guard let id = connections[user] else {
            let dialect = Int.random(in: 2...6, using: &random)
            connections[user] = try stage.signIn(user, "MSNP\(dialect)")
            shown[user] = [:]
            return read()
        }
        switch Int.random(in: 0..<100, using: &random) {
        case 0:
            stage.disconnect(id)
            connections[user] = nil
        case 1: stage.wait(.milliseconds(Int.random(in: 0...20_000, using: &random)))
        case 2:
            let faults: [Fault] = [.kick, .drop, .shutdown, .challenge, .wrongChallenge, .malformed]
            _ = stage.order(faults[Int.random(in: 0..<faults.count, using: &random)], "\(user)@example.com")
        case 3...8:
            let lines = try stage.say("CHL 9", id)
            read(lines, for: user)
            if let challenge = lines.first?.split(separator: " ").last, lines.count == 1 {
                let answer = digest(String(challenge), "Q1P7W2E4J9R8U3S5")
                read(try stage.say("QRY 10 msmsgs@msnmsgr.com", payload: answer, id), for: user)
            }
        default:
            lastLine = Self.line(user, &random)
            read(try stage.say(lastLine, id), for: user)
        }
        read()
    }

    /// Whether somebody has been told what there is to see.
    func isInformed(_ user: String, _ own: AccountID) -> Bool {
        let account = stage.world[own]
        guard account.connection != nil, account.presence != nil else { return true }
        return account.lists[.forward].all.allSatisfy { contact in
            contact == own
                || shown[user]?[stage.world[contact].handle]
                    == stage.world.presence(of: contact, seenBy: own)?.rawValue
        }
    }

    private mutating func read() {
        for (user, id) in connections { read(stage.take(id), for: user) }
    }

    private mutating func read(_ lines: [String], for user: String) {
        for line in lines {
            let words = line.split(separator: " ").map(String.init)
            switch words[0] {
            case "ILN":
                shown[user]?[words[3]] = words[2]
                presences += 1
            case "NLN":
                shown[user]?[words[2]] = words[1]
                presences += 1
            case "FLN": shown[user]?[words[1]] = nil
            case "REM" where words[2] == "FL": shown[user]?[words[4]] = nil
            case "*" where words[1] == "close" || words[1] == "drop": connections[user] = nil
            default: break
            }
        }
    }

    private static func line(_ user: String, _ random: inout SplitMix) -> String {
        func one(_ choices: [String]) -> String { choices[Int.random(in: 0..<choices.count, using: &random)] }
        let people = ["alice", "bob", "dave", "alice", "bob", "dave", "erin", "echo"].map { "\($0)@example.com" }
        let handle = one(people + ["BOB@EXAMPLE.COM", "nobody@example.com"])
        let list = one(["FL", "AL", "BL"])
        switch Int.random(in: 0..<40, using: &random) {
        case 0..<8: return "CHG 5 " + one(["NLN", "BSY", "IDL", "BRB", "AWY", "PHN", "LUN", "HDN", "HDN", "FLN"])
        case 8..<18: return "ADD 5 \(list) \(handle) " + one(["", "Name", "N%20%C3%AB", "%0D%0A"])
        case 18..<27: return "REM 5 \(list) \(handle)"
        case 27..<30: return "BLP 5 " + one(["AL", "BL"])
        case 30: return "GTC 5 " + one(["A", "N"])
        case 31: return "PRP 5 " + one(["PHH 1", "PHM", "MOB Y", "MOB N", "MBE Y", "MBE N", "XXX 1"])
        case 32..<35:
            return "REA 5 " + one([handle, "\(user)@example.com"]) + " Name\(Int.random(in: 0...9, using: &random))"
        case 35: return "SYN 5 \(Int.random(in: 0...9, using: &random))"
        case 36: return "LST 5 " + one(["FL", "AL", "BL", "RL"])
        case 37: return "URL 5 " + one(["INBOX", "PROFILE 0x0409", "NONE", "COMPOSE a%40b"])
        case 38: return one(["PNG", "XFR 5 SB", "IMS 5 ON", "FND 5", "SND 5 x", "USR 5 MD5 I \(handle)"])
        default:
            let garbage = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                one(["A", "D", "5", " ", "%", "é", "@", "OUT", "ADD", "RL", "VER"])
            }
            return one(["PNG", "PNG", "PNG", garbage.joined(), "OUT"])
        }
    }
}
