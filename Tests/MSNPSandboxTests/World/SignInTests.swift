import MSNP
import MSNPSandbox
import Testing

@Suite struct SignInTests {
    @Test("A whole sign-in, at both servers")
    func goldenFlow() throws {
        let stage = Stage { $0.robot = nil }
        let dispatch = stage.connect(.dispatch)
        #expect(try stage.say("VER 1 MSNP6 MSNP5 MSNP4 CVR0", dispatch) == ["VER 1 MSNP6"])
        #expect(try stage.say("INF 2", dispatch) == ["INF 2 MD5"])
        #expect(
            try stage.say("USR 3 MD5 I alice@example.com", dispatch) == ["XFR 3 NS 10.0.0.5:1863 0", "* close"])
        #expect(try stage.say("USR 4 MD5 I alice@example.com", dispatch) == [])

        let id = stage.connect()
        #expect(try stage.say("VER 4 MSNP6 MSNP5 MSNP4 CVR0", id) == ["VER 4 MSNP6"])
        #expect(try stage.say("INF 5", id) == ["INF 5 MD5"])
        let line = try #require(try stage.say("USR 6 MD5 I ALICE@example.COM", id).first)
        let words = line.split(separator: " ").map(String.init)
        #expect(words.dropLast() == ["USR", "6", "MD5", "S"])
        #expect(
            try stage.say("USR 7 MD5 S \(digest(words[4], "sandbox"))", id)
                == ["USR 7 OK alice@example.com Alice 1", "MSG Hotmail Hotmail 395"])
        #expect(try stage.say("SYN 8 1", id) == ["SYN 8 1"])
        let online = try stage.say("CHG 9 NLN", id)
        #expect(online.first == "CHG 9 NLN")
        let challenge = try #require(online.last?.split(separator: " ").last)
        #expect(challenge.utf8.count == 20)
        let answer = digest(String(challenge), "Q1P7W2E4J9R8U3S5")
        #expect(try stage.say("QRY 10 msmsgs@msnmsgr.com", payload: answer, id) == ["QRY 10"])
        #expect(try stage.say("OUT", id) == ["OUT", "* close"])
    }

    @Test(
        "The best dialect of both sides",
        arguments: [
            ("MSNP6 MSNP5 MSNP4 CVR0", 6, "MSNP6"), ("MSNP4 MSNP5 CVR0", 6, "MSNP5"), ("msnp6", 6, "MSNP6"),
            ("MSNP7 MSNP6 MSNP5", 5, "MSNP5"), ("MSNP2", 6, "MSNP2"), ("MSNP3 CVR0", 4, "MSNP3"),
            ("MSNP9 CVR0", 6, "CVR0"), ("cvr0", 6, "CVR0"),
        ])
    func negotiation(offer: String, newest: Int, agreed: String) throws {
        let stage = Stage { $0.newestDialect = .init(rawValue: newest) ?? .msnp6 }
        let id = stage.connect()
        #expect(try stage.say("VER 1 \(offer)", id) == ["VER 1 \(agreed)"])
    }

    @Test("Nothing in common", arguments: ["VER 1 MSNP9 MSNP8", "VER 1"])
    func noCommonVersion(offer: String) throws {
        let stage = Stage()
        let id = stage.connect()
        #expect(try stage.say(offer, id) == ["VER 1 0", "* close"])
    }

    @Test("CVR0 alone answers CVQ and nothing else")
    func clientVersionOnly() throws {
        let stage = Stage()
        let id = stage.connect()
        _ = try stage.say("VER 1 CVR0", id)
        let answer = try stage.say("CVQ 2 0x0409 win 4.10 i386 MSMSGS 3.6.0038", id)
        #expect(answer.first?.hasPrefix("CVQ 2 3.6.0038 3.6.0038 1.0.0863 http://") == true)
        #expect(try stage.say("CVQ 3 english win 4.10 i386 MSMSGS 3.6.0038", id) == ["710 3"])
        #expect(try stage.say("USR 4 MD5 I alice@example.com", id) == ["* close"])
    }

    @Test("The form of the referral", arguments: [("MSNP2", ""), ("MSNP3", " 0"), ("MSNP6", " 0")])
    func referral(dialect: String, tail: String) throws {
        let stage = Stage()
        let id = stage.connect(.dispatch)
        _ = try stage.say("VER 1 \(dialect)", id)
        #expect(
            try stage.say("USR 2 MD5 I whoever@example.com", id)
                == ["XFR 2 NS 10.0.0.5:1863\(tail)", "* close"])
    }

    @Test(
        "The verified bit is MSNP6's, and below MSNP3 the profile is one field",
        arguments: [
            ("MSNP6", "USR 4 OK bob@example.com Bob 1", true), ("MSNP5", "USR 4 OK bob@example.com Bob", true),
            ("MSNP2", "USR 4 OK bob@example.com Bob", false),
        ])
    func signedIn(dialect: String, line: String, full: Bool) throws {
        let stage = Stage()
        let id = stage.connect()
        #expect(try stage.identify("bob", id, dialect).first == line)
        let profile = try #require(stage.takePayloads(id).first)
        #expect(profile.contains("\r\nLoginTime: 1726321960\r\n"))
        #expect(profile.hasSuffix("\r\n\r\n"))
        for field in ["sid: 507", "kv: 11", "lang_preference: 1033", "country: US", "MemberIdHigh: 85040"] {
            #expect(profile.contains("\r\n\(field)\r\n") == full)
        }
        #expect(profile.contains("$$\r\n") == full)
    }

    @Test("Accounts differ in member ID, logins in ticket")
    func identities() throws {
        let stage = Stage()
        var profiles: [[Substring]] = []
        for name in ["alice", "alice", "bob"] {
            let id = stage.connect()
            _ = try stage.identify(name, id)
            profiles.append(try #require(stage.takePayloads(id).first).split(separator: "\r\n"))
        }
        func field(_ name: String, _ index: Int) -> Substring? {
            profiles[index].first { $0.hasPrefix(name + ": ") }
        }
        #expect(field("MemberIdLow", 0) == field("MemberIdLow", 1))
        #expect(field("MemberIdLow", 0) != field("MemberIdLow", 2))
        #expect(field("MSPAuth", 0) != nil)
        #expect(field("MSPAuth", 0) != field("MSPAuth", 1))
    }

    @Test(
        "Refused after the challenge",
        arguments: [
            ("alice", "wrong", "911 4"), ("nobody", "sandbox", "911 4"), ("nobody", "", "911 4"),
            ("echo", "sandbox", "911 4"), ("kid", "sandbox", "923 4"), ("nora", "sandbox", "924 4"),
            ("kid", "wrong", "911 4"), ("nora", "wrong", "911 4"),
        ])
    func refused(name: String, password: String, answer: String) throws {
        let stage = Stage()
        let id = stage.connect()
        #expect(try stage.identify(name, id, password: password) == [answer, "* close"])
    }

    @Test("Another challenge each time")
    func freshChallenge() throws {
        let stage = Stage()
        let id = stage.connect()
        _ = try stage.say("VER 1 MSNP6", id)
        let first = try stage.say("USR 2 MD5 I alice@example.com", id)
        let second = try stage.say("USR 2 MD5 I alice@example.com", id)
        #expect(first != second)
        #expect(first.count == 1 && second.count == 1)
    }

    @Test("An unverified account signs in with a name that is forced on it")
    func unverified() throws {
        let stage = Stage()
        let id = stage.connect()
        let name = "uma@example.com%20(E-Mail%20Address%20Not%20Verified)"
        #expect(try stage.identify("uma", id).first == "USR 4 OK uma@example.com \(name) 0")
        #expect(try stage.say("REA 5 uma@example.com Uma", id) == ["209 5"])
    }

    @Test(
        "Out of place",
        arguments: [
            ("USR 5 MD5 I bob@example.com", ["207 5"]), ("USR 5 MD5 S 0", ["207 5"]),
            ("VER 5 MSNP6", ["715 5", "* close"]), ("CVQ 5 0x0409 a b c d e", ["* close"]),
            ("INF 5", ["* close"]), ("CAL 5 bob@example.com", ["* close"]), ("ANS 5 a b c", ["* close"]),
            ("NLN NLN bob@example.com Bob", ["* close"]), ("QNG", ["* close"]), ("SYN x 1", ["* close"]),
            ("SYN", ["* close"]), ("CHG -1 NLN", ["* close"]), ("LSG 5", ["* close"]), ("chg 5 NLN", ["* close"]),
            ("CHG 5 XXX", ["* close"]), ("CHG 5 nln", ["* close"]), ("GTC 5 X", ["* close"]), ("BLP 5 X", ["* close"]),
            ("ADD 5 RL bob@example.com Bob", ["* close"]), ("REM 5 RL bob@example.com", ["* close"]),
            ("ADD 5 XL bob@example.com Bob", ["* close"]), ("IMS 5 MAYBE", ["* close"]), ("XFR 5 NS", ["201 5"]),
            ("CHG 5 FLN", ["201 5"]), ("CVR 5 0x0409 win", ["731 5", "* close"]),
        ])
    func outOfPlace(line: String, answer: [String]) throws {
        let stage = Stage()
        let id = try stage.signIn("alice")
        #expect(try stage.say(line, id) == answer)
    }

    @Test("Switchboard messages have no place here")
    func message() throws {
        let stage = Stage()
        let id = try stage.signIn("alice")
        #expect(try stage.say("MSG 5 U", payload: "hello", id) == ["* close"])
    }

    @Test(
        "Before sign-in",
        arguments: ["SYN 1 0", "CHG 1 NLN", "PNG", "CVR 1 0x0409 a b c d e", "USR 1 MD5 S 0", "INF 1"])
    func beforeSignIn(line: String) throws {
        let stage = Stage()
        let id = stage.connect()
        #expect(try stage.say(line, id) == ["* close"])
        if line != "INF 1" {
            let other = stage.connect()
            _ = try stage.say("VER 1 MSNP6", other)
            #expect(try stage.say(line, other) == ["* close"])
        }
    }

    @Test("A package other than MD5, a handle without a domain, OUT before everything")
    func otherBeginnings() throws {
        let stage = Stage()
        for (line, answer) in [
            ("USR 2 CTP I alice@example.com", ["* close"]), ("USR 2 MD5 I alice", ["206 2", "* close"]),
            ("OUT", ["OUT", "* close"]), ("VER 2 MSNP6", ["715 2", "* close"]),
        ] {
            let id = stage.connect()
            _ = try stage.say("VER 1 MSNP6", id)
            #expect(try stage.say(line, id) == answer)
        }
    }

    @Test("A second login ends the first")
    func secondLogin() throws {
        let stage = Stage()
        let first = try stage.comeOnline("alice")
        let bob = try stage.comeOnline("bob")
        _ = try stage.say("PNG", first)
        let second = try stage.signIn("alice")
        #expect(stage.take(first) == ["OUT OTH", "* close"])
        #expect(stage.take(bob) == ["FLN alice@example.com"])
        // The old socket's end must not touch the new session.
        stage.disconnect(first)
        #expect(try stage.account("alice").connection == second)
        #expect(try stage.say("PNG", second) == ["QNG"])
    }

    @Test("A connection that doesn't sign in is ended, one that did isn't")
    func signInTime() throws {
        let stage = Stage { $0.robot = nil }
        let lazy = stage.connect()
        let dispatch = stage.connect(.dispatch)
        _ = try stage.say("VER 1 MSNP6", lazy)
        let alice = try stage.signIn("alice")
        #expect(stage.world.nextDeadline == .seconds(60))
        stage.wait(.seconds(59))
        #expect(stage.take(lazy) == [])
        stage.wait(.seconds(1))
        #expect(stage.take(lazy) == ["* close"])
        #expect(stage.take(dispatch) == ["* close"])
        #expect(stage.take(alice) == [])
        #expect(try stage.say("PNG", alice) == ["QNG"])
        #expect(stage.world.nextDeadline == nil)
    }

    @Test("CVR is answered")
    func clientVersion() throws {
        let stage = Stage()
        let id = try stage.signIn("alice")
        let answer = try stage.say("CVR 7 0x0409 win 4.10 i386 MSMSGS 3.6.0038 MSMSGS", id)
        #expect(answer.first?.hasPrefix("CVR 7 3.6.0038 3.6.0038 1.0.0863 http://") == true)
    }
}
