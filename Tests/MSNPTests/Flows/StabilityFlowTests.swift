import Testing

@testable import MSNP

/// Bare closes right after the sign-in: what explains them, and what is left (docs/protocol.md#reconnecting).
@Suite struct StabilityFlowTests {
    /// A session that was closed once right after it went online, and has come back.
    private static func closedOnce(displacesSilently: Bool = false) throws -> FlowDriver {
        var driver = try FlowDriver.online(displacesSilently: displacesSilently)
        driver.disconnect()
        #expect(driver.loss == .connectionLost)
        try driver.comeBack()
        return driver
    }

    @Test("Again and again is unstable: half a minute, doubling to a quarter of an hour, and never the end")
    func unstable() throws {
        var driver = try Self.closedOnce()
        var waits: [Duration?] = []
        for _ in 1...7 {
            driver.disconnect()
            #expect(driver.loss == .unstable)
            waits.append(driver.timers[.reconnect])
            try driver.comeBack()
        }
        #expect(waits == [30, 60, 120, 240, 480, 900, 900].map(Duration.seconds))
        #expect(driver.end == nil)
    }

    @Test("It stays unstable until it was online for half an hour")
    func steadiness() throws {
        var driver = try Self.closedOnce()
        driver.disconnect()
        try driver.comeBack()
        #expect(driver.timers[.steadiness] == .seconds(1800))
        driver.fire(.displacement)
        driver.disconnect()
        #expect(driver.loss == .connectionLost, "that was not right after the sign-in")
        try driver.comeBack()
        driver.disconnect()
        #expect(driver.loss == .unstable, "and that was once more")
        #expect(driver.timers[.reconnect] == .seconds(60))
        try driver.comeBack()
        driver.fire(.displacement)
        driver.fire(.steadiness)
        driver.disconnect()
        try driver.comeBack()
        driver.disconnect()
        #expect(driver.loss == .connectionLost)
        try driver.comeBack()
        driver.disconnect()
        #expect(driver.loss == .unstable)
        #expect(driver.timers[.reconnect] == .seconds(30))
    }

    @Test(
        "A close that explains itself is a lost connection, however often",
        arguments: ["error", "request", "void", "reset", "others", "late", "URL"])
    func explained(how: String) throws {
        for displacesSilently in [true, false] {
            var driver = try FlowDriver.online(displacesSilently: displacesSilently)
            for _ in 1...5 {
                _ = driver.takeSent()
                switch how {
                case "error":
                    _ = driver.request(.setPrivacy(.block))
                    driver.feed("218 7")
                    driver.disconnect()
                case "request":
                    _ = driver.request(.setPresence(.busy))
                    driver.disconnect()
                case "void":
                    _ = driver.request(.setPrivacy(.block))
                    driver.feed("218 7")
                    _ = driver.request(.setAddPrompt(.allowSilently))
                    driver.disconnect()
                case "URL":
                    _ = driver.request(.service("PROFILE", parameter: nil))
                    driver.feed("201 7")
                    driver.disconnect()
                case "reset": driver.disconnect(isBroken: true)
                case "others": driver.disconnect(amongOthers: true)
                default:
                    driver.disconnect()
                    driver.loseOthers()
                }
                #expect(driver.loss == .connectionLost)
                // Whether the lists are in doubt is another matter.
                if driver.flow.knownVersion == 0 {
                    driver.beginComingBack()
                    try driver.play(FlowDriver.signIn + FlowDriver.lists + FlowDriver.announcement)
                } else {
                    try driver.comeBack()
                }
            }
        }
    }

    @Test("A close among others is no part of a row, whichever came first")
    func rowBroken() throws {
        var driver = try FlowDriver.online()
        for amongOthers in [false, true, false, true] {
            driver.disconnect(amongOthers: amongOthers)
            #expect(driver.loss == .connectionLost)
            try driver.comeBack()
        }
        // Told of once it is back: what is closed next begins a new row.
        driver.disconnect()
        try driver.comeBack()
        driver.loseOthers()
        driver.disconnect()
        #expect(driver.loss == .connectionLost)
        try driver.comeBack()
        driver.disconnect()
        #expect(driver.loss == .unstable)
    }

    @Test("What was taken for unstable and turns out to be a restart is a lost connection, and waits as one")
    func corrected() throws {
        var driver = try Self.closedOnce()
        driver.disconnect()
        #expect(driver.loss == .unstable)
        driver.loseOthers()
        #expect(driver.loss == .connectionLost)
        #expect((driver.timers[.reconnect] ?? .seconds(999)) < .seconds(30))
        _ = driver.takeEvents()
        driver.loseOthers()
        #expect(driver.takeEvents().isEmpty, "once is enough")
        try driver.comeBack()
        driver.disconnect()
        #expect(driver.loss == .connectionLost)
    }

    @Test("Where the operator says so, two of them are another client's doing, and final")
    func silentDisplacement() throws {
        var driver = try Self.closedOnce(displacesSilently: true)
        driver.disconnect()
        #expect(driver.end == .signedInElsewhere)
    }

    @Test("A challenge's answer that a server swallows explains nothing")
    func swallowedAnswer() throws {
        var driver = try FlowDriver.online()
        driver.feed("CHL 0 1")
        driver.disconnect()
        try driver.comeBack()
        driver.feed("CHL 0 1")
        driver.disconnect()
        #expect(driver.loss == .unstable)
    }
}
