import MSNP
import Testing

@Suite struct ServerCommandTests {
    private func parse(_ line: String) throws -> ServerCommand {
        try ServerCommand(parsing: try #require(Decoded(.fromServer, line + "\r\n").frames.first))
    }

    private static let bob = ListMember(handle: "bob@example.com", name: "Bob B.")
    private static let board = ServerAddress(host: "10.0.1.200", port: 1864)
    private static func id(_ value: UInt32) -> TransactionID { TransactionID(rawValue: value) }

    @Test(
        "What the lines of the documents mean",
        arguments: [
            ("VER 1 MSNP6", .dialects(id(1), ["MSNP6"])),
            ("VER 1 0", .dialects(id(1), ["0"])),
            ("INF 2 MD5", .securityPackages(id(2), ["MD5"])),
            (
                "USR 6 MD5 S 1013928519.693957190",
                .signInChallenge(id(6), package: "MD5", challenge: "1013928519.693957190")
            ),
            (
                "USR 7 OK bob@example.com Bob%20B. 1",
                .signedIn(id(7), handle: bob.handle, name: bob.name, verified: true)
            ),
            (
                "USR 7 OK bob@example.com Bob%20B. 0",
                .signedIn(id(7), handle: bob.handle, name: bob.name, verified: false)
            ),
            ("USR 7 OK bob@example.com Bob%20B.", .signedIn(id(7), handle: bob.handle, name: bob.name, verified: nil)),
            ("XFR 3 NS 10.0.1.200:1864 0", .referral(id(3), .notification(board))),
            ("XFR 3 NS 0", .referral(id(3), .restart)),
            (
                "XFR 20 SB 10.0.1.200:1864 CKI 17262.1013928521.3692",
                .referral(id(20), .switchboard(board, cookie: Redacted("17262.1013928521.3692")))
            ),
            (
                "CVR 7 4.6 4.6 1.0 http://a/%41 http://b",
                .clientVersion(id(7), ["4.6", "4.6", "1.0", "http://a/%41", "http://b"])
            ),
            ("OUT", .signedOut(.unspecified)), ("OUT OTH", .signedOut(.signedInElsewhere)),
            ("OUT SSD", .signedOut(.serverShutdown)), ("OUT MIG", .signedOut(.other("MIG"))),
            ("SYN 8 9", .synchronization(id(8), version: 9)),
            (
                "LST 8 FL 9 1 2 bob@example.com Bob%20B.",
                .list(id(8), ListEntry(list: .forward, version: 9, index: 1, count: 2, member: bob))
            ),
            ("LST 8 BL 9 0 0", .list(id(8), ListEntry(list: .block, version: 9, index: 0, count: 0, member: nil))),
            ("GTC 8 9 A", .addPrompt(id(8), version: 9, .ask)),
            ("GTC 8 9 N", .addPrompt(id(8), version: 9, .allowSilently)),
            ("BLP 8 9 BL", .privacy(id(8), version: 9, .block)),
            ("PRP 8 9 PHH 1%20(555)", .ownPhone(id(8), version: 9, .home, "1 (555)")),
            ("PRP 8 9 PHW", .ownPhone(id(8), version: 9, .work, nil)),
            ("BPR 9 bob@example.com MOB Y", .contactPhone(version: 9, handle: bob.handle, .mobileMessaging, "Y")),
            ("ADD 0 RL 10 bob@example.com Bob%20B.", .added(.unsolicited, .reverse, version: 10, bob)),
            ("REM 17 AL 15 bob@example.com", .removed(id(17), .allow, version: 15, handle: bob.handle)),
            ("REA 19 17 bob@example.com Bob%20B.", .renamed(id(19), version: 17, bob)),
            ("CHG 9 HDN", .ownPresence(id(9), .appearOffline)),
            ("ILN 9 AWY bob@example.com Bob%20B.", .initialPresence(id(9), .away, bob)),
            ("NLN LUN bob@example.com Bob%20B.", .presence(.outToLunch, bob)),
            ("FLN bob@example.com", .offline(handle: bob.handle)),
            ("QNG", .pong),
            ("CHL 0 11111111111111111111", .challenge(.unsolicited, "11111111111111111111")),
            ("QRY 10", .challengeAccepted(id(10))),
            (
                "URL 23 /c?to=bob%40example%2ecom https://l/?lc=1033 2",
                .service(
                    id(23),
                    ServiceReply(redirect: "/c?to=bob%40example%2ecom", login: "https://l/?lc=1033", siteID: "2"))
            ),
            (
                "RNG 1f0c 10.0.1.200:1864 CKI 17262.3692 bob@example.com Bob%20B.",
                .ring(Ring(session: "1f0c", address: board, cookie: Redacted("17262.3692"), caller: bob))
            ),
            (
                "FND 25 1 2 fname=Ann city=New%20York",
                .found(id(25), index: 1, count: 2, DirectoryEntry(firstName: "Ann", city: "New York"))
            ),
            ("FND 26 0 0", .found(id(26), index: 0, count: 0, nil)),
            ("SND 27 OK", .mailSent(id(27))), ("SDC 27 OK", .invitationSent(id(27))),
            ("913 11", .error(913, id(11))),
        ] as [(String, ServerCommand)])
    func documented(line: String, command: ServerCommand) throws {
        #expect(try parse(line) == command)
        #expect(command.frame.encoded() == Array("\(line)\r\n".utf8))
    }

    @Test(
        "What servers are seen to send besides",
        arguments: [
            ("VER 1 MSNP6 CVR0", .dialects(id(1), ["MSNP6", "CVR0"])),
            ("INF 2 MD5,CTP", .securityPackages(id(2), ["MD5", "CTP"])),
            (
                "USR 7 OK bob@example.com Bob%20B. 1 0",
                .signedIn(id(7), handle: bob.handle, name: bob.name, verified: true)
            ),
            (
                "USR 7 OK bob%40example.com Bob%20B. x",
                .signedIn(id(7), handle: bob.handle, name: bob.name, verified: nil)
            ),
            ("USR 7 OK bob@example.com", .signedIn(id(7), handle: bob.handle, name: "", verified: nil)),
            ("XFR 3 NS 10.0.1.200:1864", .referral(id(3), .notification(board))),
            ("XFR 3 NS 10.0.1.200:1864 0 10.0.0.1:1863", .referral(id(3), .notification(board))),
            ("XFR 3 NS m1.example", .referral(id(3), .notification(ServerAddress(host: "m1.example", port: 1863)))),
            ("XFR 0 SB 0", .referral(.unsolicited, .restart)),
            ("PRP 10 MBE N", .ownPhone(nil, version: 10, .mobileEnabled, "N")),
            ("PRP MBE N", .ownPhone(nil, version: nil, .mobileEnabled, "N")),
            ("BPR bob@example.com PHH 5", .contactPhone(version: nil, handle: bob.handle, .home, "5")),
            ("GTC 8 A", .addPrompt(id(8), version: nil, .ask)), ("BLP 8 AL", .privacy(id(8), version: nil, .allow)),
            ("ADD 8 FL bob@example.com Bob%20B.", .added(id(8), .forward, version: nil, bob)),
            ("REM 8 FL bob@example.com", .removed(id(8), .forward, version: nil, handle: bob.handle)),
            ("REM 8 FL", .removed(id(8), .forward, version: nil, handle: "")),
            ("REM 8 FL 15", .removed(id(8), .forward, version: 15, handle: "")),
            ("REA 8 bob@example.com Bob%20B.", .renamed(id(8), version: nil, bob)),
            ("BPR 10 PHM 777", .contactPhone(version: 10, handle: nil, .mobile, "777")),
            ("BPR 10 bob%40example.com PHM", .contactPhone(version: 10, handle: bob.handle, .mobile, nil)),
            ("BPR 10 b@\u{301}x PHM 7", .contactPhone(version: 10, handle: "b@\u{301}x", .mobile, "7")),
            (
                "ADD 8 FL 12 carol@example.com",
                .added(id(8), .forward, version: 12, ListMember(handle: "carol@example.com", name: ""))
            ),
            ("ILN 9 FLN bob@example.com Bob%20B. 0 x", .initialPresence(id(9), .offline, bob)),
            (
                "NLN NLN bob@example.com B%0D%0Ab%00",
                .presence(.online, ListMember(handle: bob.handle, name: "B\r\nb\0"))
            ),
            ("QNG 50", .pong),
            ("CHL 123", .challenge(nil, "123")), ("CHL x 123", .challenge(nil, "123")),
            (
                "URL 9 /unused1 /unused2",
                .service(id(9), ServiceReply(redirect: "/unused1", login: "/unused2", siteID: nil))
            ),
            ("URL 9", .service(id(9), ServiceReply(redirect: "", login: "", siteID: nil))),
            ("URL 9 /a /b  x", .service(id(9), ServiceReply(redirect: "/a", login: "/b", siteID: nil))),
            ("500 text", .error(500, nil)),
            (
                "FND 25 2 2 State=OK  x =y Country=US COUNTRY=DE lname=",
                .found(id(25), index: 2, count: 2, DirectoryEntry(state: "OK", country: "US"))
            ),
            (
                "RNG 1f0c 10.0.1.200:1864 CKI a%2Fb bob%40example.com",
                .ring(
                    Ring(
                        session: "1f0c", address: board, cookie: Redacted("a%2Fb"),
                        caller: ListMember(handle: bob.handle, name: "")))
            ),
        ] as [(String, ServerCommand)])
    func observed(line: String, command: ServerCommand) throws {
        #expect(try parse(line) == command)
    }

    @Test(
        "What is ignored",
        arguments: [
            ("VER", .invalidTransaction(command: "VER")), ("VER x MSNP6", .invalidTransaction(command: "VER")),
            ("SYN +5 9", .invalidTransaction(command: "SYN")), ("SYN -1 9", .invalidTransaction(command: "SYN")),
            ("SYN 4294967296 9", .invalidTransaction(command: "SYN")), ("SYN ٣ 9", .invalidTransaction(command: "SYN")),
            ("SYN 8", .missingParameter(command: "SYN", index: 1)),
            ("SYN 8 +9", .invalidParameter(command: "SYN", index: 1)),
            ("SYN 8 99999999999999999999", .invalidParameter(command: "SYN", index: 1)),
            ("LST 8 XX 9 0 0", .invalidParameter(command: "LST", index: 1)),
            ("LST 8 FL 9 1 1", .missingParameter(command: "LST", index: 5)),
            ("NLN nln a@b", .invalidParameter(command: "NLN", index: 0)),
            ("FLN", .missingParameter(command: "FLN", index: 0)),
            ("USR 7 MD5 X y", .invalidParameter(command: "USR", index: 2)),
            ("XFR 3 NS :80", .invalidParameter(command: "XFR", index: 2)),
            ("XFR 3 SB h:1 CKI", .missingParameter(command: "XFR", index: 4)),
            ("PRP 10 XYZ 1", .invalidParameter(command: "PRP", index: 1)), ("qng", .unknownCommand("qng")),
            ("RNG 1 :80 CKI c a@b", .invalidParameter(command: "RNG", index: 1)),
            ("RNG 1 h:80 CKI", .missingParameter(command: "RNG", index: 3)),
            ("RNG 1 h:80 CKI c", .missingParameter(command: "RNG", index: 4)),
            ("FND 1 x 2", .invalidParameter(command: "FND", index: 1)),
            ("SDC 1 NO", .invalidParameter(command: "SDC", index: 1)),
            ("ADD 8 FL bob", .invalidParameter(command: "ADD", index: 2)),
            ("REM 8 FL bob", .invalidParameter(command: "REM", index: 2)),
            ("REA 8 bob Bob", .invalidParameter(command: "REA", index: 1)),
            ("GTC 8 99999999999 A", .invalidParameter(command: "GTC", index: 1)),
            ("09 1", .unknownCommand("?")), ("9999 1", .unknownCommand("?")),
        ] as [(String, ParseError)])
    func ignored(line: String, error: ParseError) {
        #expect(throws: error) { try parse(line) }
    }

    @Test("A handle with a percent sign comes back as it was")
    func percentInHandle() throws {
        for handle in ["a%41@b", "%25@b", "50%@b"] {
            let command = ServerCommand.offline(handle: handle)
            #expect(try ServerCommand(parsing: command.frame) == command)
            let member = ListMember(handle: handle, name: "x")
            let mail = ServerCommand.message(from: member, Redacted([]))
            #expect(try ServerCommand(parsing: mail.frame) == mail)
        }
    }

    @Test("Which transaction a command answers")
    func answers() throws {
        #expect(try parse("540 7").answeredTransaction == TransactionID(rawValue: 7))
        #expect(try parse("ILN 9 AWY a@b x").answeredTransaction == TransactionID(rawValue: 9))
        #expect(try parse("ADD 0 RL 10 a@b x").answeredTransaction == nil)
        #expect(try parse("NLN AWY a@b x").answeredTransaction == nil)
        #expect(try parse("PRP 10 PHH 5").answeredTransaction == nil)
        #expect(try parse("540").answeredTransaction == nil)
    }
}
