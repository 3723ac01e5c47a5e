import Testing

@testable import MSNP

/// Answers that servers shorten, and those that make no sense.
@Suite struct NonsenseFlowTests {
    private static let bob = "bob@example.com"

    private static func request(_ command: String) throws -> SessionRequest {
        let bob = try Handle(validating: bob)
        let name = try DisplayName(validating: "Al")
        return switch command {
        case "XFR": .transfer
        case "REA": .rename(name)
        case "ADD": .add(bob, to: .block, name: name)
        case "REM": .remove(bob, from: .forward)
        case "BLP": .setPrivacy(.block)
        case "GTC": .setAddPrompt(.allowSilently)
        case "PRP": .setPhone(.home(try PhoneNumber(validating: "555")))
        case "CHG": .setPresence(.busy)
        default: .service("PROFILE", parameter: nil)
        }
    }

    @Test(
        "An answer without the list version is one, where number and key match",
        arguments: [
            ("PRP", "PRP 7 PHH 555", .phone(.home, "555")), ("PRP", "BPR 7 PHH 555", .phone(.home, "555")),
            ("BLP", "BLP 7 BL", .edited(name: nil)), ("GTC", "GTC 7 N", .edited(name: nil)),
            ("ADD", "ADD 7 BL bob@example.com Al", .edited(name: "Al")),
            ("ADD", "ADD 7 BL bob@example.com", .edited(name: "Al")),
            ("REM", "REM 7 FL bob@example.com", .edited(name: nil)), ("REM", "REM 7 FL", .edited(name: nil)),
            ("REA", "REA 7 alice@example.com Al", .renamed("Al")), ("REA", "REA 7 alice@example.com", .renamed("Al")),
        ] as [(String, String, RequestReply)])
    func shortened(command: String, line: String, reply: RequestReply) throws {
        var driver = try FlowDriver.online()
        let id = driver.request(try Self.request(command))
        driver.feed(line)
        #expect(driver.completions[id] == .success(reply))
        #expect(driver.flow.knownVersion == 9, "it told none")
    }

    @Test(
        "A phone property of another number or key is a fact and no answer",
        arguments: ["PRP 8 PHH 555", "PRP 7 PHW 555", "PRP PHH 555", "BPR 7 bob@example.com PHH 555"])
    func otherPhones(line: String) throws {
        var driver = try FlowDriver.online()
        let id = driver.request(try Self.request("PRP"))
        _ = driver.takeEvents()
        driver.feed(line)
        #expect(driver.completions[id] == nil)
        #expect(driver.takeEvents().count == 1)
    }

    @Test(
        "The same command word with our number and nonsense ends the call at once, and says the line",
        arguments: [
            ("XFR", "XFR 7 SB host:99999 CKI x", "XFR 7 SB host:99999 CKI <blanked>"), ("XFR", "XFR 7 SB", nil),
            ("XFR", "XFR 7 NS 10.0.0.5:1863 0", nil), ("XFR", "XFR 7", nil), ("REA", "REA 7 xyz", nil),
            ("ADD", "ADD 7 QL 10 bob@example.com Bob", nil),
            ("ADD", "ADD 7 BL xyz", nil), ("ADD", "ADD 7", nil),
            ("REM", "REM 7 FL xyz", nil), ("BLP", "BLP 7 10 XX", nil), ("BLP", "BLP 7", nil), ("GTC", "GTC 7 x", nil),
            ("PRP", "PRP 7 10 XYZ 1", nil), ("CHG", "CHG 7 XYZ", nil),
        ] as [(String, String, String?)])
    func nonsense(command: String, line: String, shown: String?) throws {
        var driver = try FlowDriver.online()
        let id = driver.request(try Self.request(command))
        driver.feed(line)
        #expect(driver.completions[id] == .failure(.nonsense(command: command, line: shown ?? line)))
        #expect(driver.timers[.request(TransactionID(rawValue: 7))] == nil)
        #expect(driver.flow.state == .online)
    }

    @Test(
        "Other commands may bear the number of a request, nonsense or not",
        arguments: [
            "ILN 7 NLN bob@example.com Bob", "ILN 7 ???", "LST 7 XX 1", "URL 8", "REA 0 xyz", "CHG 7 NLN", "Z 7",
        ])
    func others(line: String) throws {
        var driver = try FlowDriver.online()
        let id = driver.request(try Self.request("ADD"))
        driver.feed(line)
        #expect(driver.completions[id] == nil)
        driver.feed("ADD 7 BL 10 bob@example.com Bob")
        #expect(driver.completions[id] == .success(.edited(name: "Bob")))
    }

    @Test("A page has no answer but an error, so an echo of it is none")
    func page() throws {
        var driver = try FlowDriver.online()
        let page = try Page(validating: "hi")
        let id = driver.request(.outreach(.page(try Handle(validating: Self.bob), page)))
        driver.feed("PAG 7 OK")
        #expect(driver.completions[id] == nil)
        driver.fire(.request(TransactionID(rawValue: 7)))
        #expect(driver.completions[id] == .success(.outreach(.paged(id))))
    }

    @Test("An edit with a senseless answer leaves the lists in doubt")
    func doubt() throws {
        var driver = try FlowDriver.online()
        _ = driver.request(try Self.request("ADD"))
        driver.feed("ADD 7 nonsense")
        #expect(driver.flow.knownVersion == 0)
    }

    @Test(
        "A sign-in whose answer makes no sense fails at once, and says the line",
        arguments: [
            (0, "VER", "VER 1", nil as String?), (2, "INF", "INF 2", nil),
            (4, "USR", "USR 3 MD5 Q 1", "USR 3 MD5 Q"), (4, "USR", "USR 3 OK", nil),
            (4, "USR", "USR 3 OK alice@example.com A 1", nil), (6, "USR", "USR 4 MD5 S secret", "USR 4 MD5 S"),
            (8, "SYN", "SYN 5 x", nil), (8, "SYN", "SYN 5", nil), (15, "CHG", "CHG 6 XYZ", nil),
        ])
    func signIn(steps: Int, command: String, line: String, shown: String?) throws {
        var driver = FlowDriver()
        driver.connect()
        let script = FlowDriver.signIn + FlowDriver.lists + FlowDriver.announcement
        // Up to the command that is then answered with nonsense.
        try driver.play(script.split(separator: "\n").prefix(steps + 1).joined(separator: "\n"))
        driver.feed(line)
        switch command {
        // An empty offer has a meaning of its own.
        case "VER": #expect(driver.end == .noCommonVersion)
        case "INF": #expect(driver.end == .noSecurityPackage)
        default:
            let blanked = shown.map { "\($0) <blanked>" } ?? line
            #expect(driver.end == .protocolError(.nonsense(command: command, line: blanked)))
        }
    }

    @Test("An excerpt has no control characters and is cut to 200 bytes, between characters")
    func excerpt() {
        let long = Frame("REA", ["7", String(repeating: "é", count: 300)])
        let excerpt = BlankedFrame(long, .fromServer, onSwitchboard: false).excerpt
        #expect(excerpt.utf8.count <= BlankedFrame.longestExcerpt)
        #expect(excerpt.utf8.count > BlankedFrame.longestExcerpt - 4)
        #expect(excerpt.hasPrefix("REA 7 éé") && excerpt.hasSuffix("é…"))
        let loud = Frame("REA", ["7", "a\u{7}b\u{1B}[2J"])
        let shown = BlankedFrame(loud, .fromServer, onSwitchboard: false).excerpt
        #expect(!shown.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F })
    }
}
