import Testing

@testable import MSNP

/// Settings that are as wanted are not sent again: some servers answer that with 218 and close.
@Suite struct SettingsInForceTests {
    private static func driver() throws -> FlowDriver {
        var driver = FlowDriver()
        driver.connect()
        try driver.play(
            FlowDriver.signIn + """
                C: SYN 5 0
                S: SYN 5 9
                S: GTC 5 9 A
                S: BLP 5 9 AL
                S: PRP 5 9 PHH 555
                S: LST 5 FL 9 0 0
                S: LST 5 AL 9 0 0
                S: LST 5 BL 9 0 0
                S: LST 5 RL 9 0 0

                """ + FlowDriver.announcement)
        _ = driver.takeEvents()
        return driver
    }

    private static func phone(_ text: String) throws -> PhoneEdit { .home(try PhoneNumber(validating: text)) }

    @Test("What is in force is answered at once, without a word to the server and without an event")
    func inForce() throws {
        var driver = try Self.driver()
        let requests: [(SessionRequest, RequestReply)] = [
            (.setPresence(.online), .presence(.online)), (.setPrivacy(.allow), .edited(name: nil)),
            (.setAddPrompt(.ask), .edited(name: nil)),
            (.rename(try DisplayName(validating: "Alice A.")), .renamed("Alice A.")),
            (.setPhone(try Self.phone("555")), .phone(.home, "555")),
        ]
        for (request, reply) in requests {
            let id = driver.request(request)
            #expect(driver.completions[id] == .success(reply), "\(request.command)")
        }
        #expect(driver.takeSent().isEmpty)
        #expect(driver.takeEvents().isEmpty)
        // Of a backend that is known not to take the command, too.
        driver.flow.commands.forbidden = ["BLP"]
        let allowed = driver.request(.setPrivacy(.allow))
        #expect(driver.completions[allowed] == .success(.edited(name: nil)))
        let other = driver.request(.setPrivacy(.block))
        #expect(driver.completions[other] == .failure(.notSupported(command: "BLP")))
    }

    @Test("Anything else is sent, what the server has not told of among it, and then is in force itself")
    func news() throws {
        var driver = try Self.driver()
        _ = driver.request(.setPrivacy(.block))
        _ = driver.request(.setPresence(.busy))
        _ = driver.request(.rename(try DisplayName(validating: "Al")))
        _ = driver.request(.setPhone(try Self.phone("556")))
        try driver.play(
            """
            C: BLP 7 BL
            C: CHG 8 BSY
            C: REA 9 alice@example.com Al
            C: PRP 10 PHH 556
            S: BLP 7 10 BL
            S: CHG 8 BSY
            S: REA 9 11 alice@example.com Al
            S: PRP 10 12 PHH 556
            """)
        _ = driver.request(.setPrivacy(.block))
        _ = driver.request(.setPresence(.busy))
        _ = driver.request(.rename(try DisplayName(validating: "Al")))
        _ = driver.request(.setPhone(try Self.phone("556")))
        #expect(driver.takeSent().isEmpty)
        driver.feed("BLP 0 13 AL")
        driver.feed("CHG 0 FLN")
        _ = driver.request(.setPrivacy(.block))
        _ = driver.request(.setPresence(.busy))
        try driver.play(
            """
            C: BLP 11 BL
            C: CHG 12 BSY
            """)

        var silent = try FlowDriver.online()
        _ = silent.request(.setPrivacy(.allow))
        try silent.play("C: BLP 7 AL")
    }

    @Test("218 says what is in force; while a change is under way or in doubt, nothing is")
    func doubt() throws {
        var driver = try Self.driver()
        _ = driver.request(.setPrivacy(.block))
        driver.feed("218 7")
        _ = driver.takeSent()
        _ = driver.request(.setPrivacy(.block))
        #expect(driver.takeSent().isEmpty)
        _ = driver.request(.setPrivacy(.allow))
        _ = driver.request(.setPrivacy(.block))
        try driver.play(
            """
            C: BLP 8 AL
            C: BLP 9 BL
            S: BLP 8 10 AL
            """)
        driver.fire(.request(TransactionID(rawValue: 9)))
        _ = driver.request(.setPrivacy(.allow))
        try driver.play("C: BLP 10 AL")
    }

    @Test("A reconnect sends the status, which is the connection's, and nothing that the server still has")
    func reconnect() throws {
        var driver = try Self.driver()
        let id = driver.request(.rename(try DisplayName(validating: "Alice A.")))
        #expect(driver.completions[id] == .success(.renamed("Alice A.")))
        driver.feed("OUT")
        try driver.comeBack()
        _ = driver.request(.setPrivacy(.allow))
        _ = driver.request(.setPresence(.online))
        #expect(driver.takeSent().isEmpty)
    }
}
