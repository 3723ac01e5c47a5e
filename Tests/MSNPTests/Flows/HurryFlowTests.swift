import Testing

@testable import MSNP

/// Somebody who does not want to wait for a session to come back (docs/protocol.md#reconnecting).
struct HurryFlowTests {
    /// Lost after a while online, and about to wait for half a second.
    private func lost() throws -> FlowDriver {
        var driver = try FlowDriver.online()
        driver.feed("OUT SSD")
        _ = driver.takeEvents()
        return driver
    }

    @Test("The wait is over at once, is said to be, and goes before those for whom nobody waits")
    func atOnce() throws {
        var driver = try lost()
        driver.hurry()
        #expect(driver.takeEvents() == [.hurried])
        #expect(driver.timers[.reconnect] == nil)
        #expect(driver.turnsAsked == [true, true])
        driver.grantTurn()
        #expect(driver.timers[.attemptSpacing] == .seconds(5))
        driver.connect()
        try driver.play(
            FlowDriver.signIn + """
                C: SYN 5 9
                S: SYN 5 9
                C: CHG 6 NLN
                S: CHG 6 NLN
                """)
        #expect(driver.takeEvents().contains(.state(.online)))
        driver.feed("OUT SSD")
        driver.beginComingBack()
        #expect(driver.turnsAsked == [true, true, false], "the haste is over")
    }

    @Test("Right after an attempt the next one waits until it may be, however often it is asked for")
    func spacing() throws {
        var driver = try lost()
        driver.hurry()
        driver.grantTurn()
        driver.fail(.refused)
        _ = driver.takeEvents()
        for _ in 1...100 { driver.hurry() }
        #expect(driver.takeEvents() == [.hurried])
        #expect(!driver.awaitsTurn)
        driver.fire(.attemptSpacing)
        #expect(driver.awaitsTurn)
        #expect(driver.timers[.reconnect] == nil)
        driver.grantTurn()
        #expect(driver.connections.count == 3)
    }

    @Test("A wait that is shorter than the spacing ends when it ends, and the spacing brings on nothing more")
    func shortWait() throws {
        var driver = try lost()
        driver.hurry()
        driver.grantTurn()
        driver.fail(.refused)
        driver.hurry()
        driver.fire(.reconnect)
        driver.grantTurn()
        #expect(driver.connections.count == 3)
        driver.connect()
        driver.fire(.attemptSpacing)
        #expect(driver.connections.count == 3)
    }

    @Test("An attempt that is under way is not begun anew, and says nothing")
    func underWay() throws {
        var driver = try lost()
        driver.fire(.reconnect)
        driver.hurry()
        driver.grantTurn()
        driver.hurry()
        driver.connect()
        driver.hurry()
        #expect(driver.takeEvents() == [])
        #expect(driver.connections.count == 2)
    }

    @Test("Nothing happens to a session that is there, is signing in for the first time, or has ended")
    func elsewhere() throws {
        var online = try FlowDriver.online()
        _ = online.takeEvents()
        online.hurry()
        #expect(online.takeEvents() == [])
        var first = FlowDriver()
        _ = first.takeEvents()
        first.hurry()
        #expect(first.takeEvents() == [])
        online.signOut()
        online.fire(.goodbye)
        _ = online.takeEvents()
        online.hurry()
        #expect(online.takeEvents() == [])
        #expect(online.connections.count == 1 && first.connections.count == 1)
    }

    @Test("Attempts that somebody asks for do not make the other waits longer")
    func backoff() throws {
        var driver = try lost()
        for _ in 1...10 {
            driver.hurry()
            if driver.timers[.attemptSpacing] != nil { driver.fire(.attemptSpacing) }
            driver.grantTurn()
            driver.fail(.refused)
        }
        #expect(driver.timers[.reconnect] == .seconds(1), "the second wait of a session")
        driver.fire(.reconnect)
        driver.grantTurn()
        driver.fail(.refused)
        #expect(driver.timers[.reconnect] == .seconds(1))
        driver.fire(.reconnect)
        driver.grantTurn()
        driver.fail(.refused)
        #expect(driver.timers[.reconnect] == .seconds(2))
    }

    @Test("Whoever is hurried is not made to wait anew because others were lost, too")
    func others() throws {
        var driver = try FlowDriver.online()
        driver.disconnect()
        try driver.comeBack()
        driver.disconnect()
        #expect(driver.loss == .unstable)
        driver.hurry()
        _ = driver.takeEvents()
        driver.loseOthers()
        #expect(driver.takeEvents() == [])
        driver.fire(.attemptSpacing)
        driver.grantTurn()
        #expect(driver.connections.count == 3)
    }

    @Test("Signing out while an attempt is asked for ends the session")
    func signOut() throws {
        var driver = try lost()
        driver.hurry()
        driver.grantTurn()
        driver.fail(.refused)
        driver.hurry()
        driver.signOut()
        #expect(driver.isClosed && driver.end == .signedOut)
    }
}
