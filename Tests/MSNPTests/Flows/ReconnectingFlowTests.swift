import Synchronization
import Testing

@testable import MSNP

/// What a session does about the loss of its connection (docs/protocol.md#reconnecting).
struct ReconnectingFlowTests {
    @Test(
        "Each way to lose a connection: final, or tried again",
        arguments: [
            (SessionEnd.signedOut, true), (.signedInElsewhere, true), (.noCommonVersion, true),
            (.clientTooOld, true), (.noSecurityPackage, true), (.challengeFailed, true),
            (.protocolError(.tooManyListEntries), true), (.protocolError(.referralLoop), true),
            (.protocolError(.framing(.lineTooLong)), true),
            (.protocolError(.framing(.payloadTooLong(command: "MSG"))), true),
            (.protocolError(.framing(.invalidPayloadLength(command: "MSG"))), false), (.protocolError(.notMSNP), false),
            (.serverShutdown, false), (.serverClosed, false), (.connectionLost, false), (.unstable, false),
            (.protocolError(.nonsense(command: "USR", line: "USR 3")), false),
            (.timedOut(command: "USR"), false), (.unreachable(.unresolved), false), (.unreachable(.refused), false),
            (.unreachable(.timedOut), false), (.unreachable(.forbiddenAddress), false),
        ])
    func finality(end: SessionEnd, isFinal: Bool) throws {
        #expect(end.isFinal == isFinal)
        var driver = try FlowDriver.online()
        driver.perform(driver.flow.end(end))
        #expect(driver.isClosed == isFinal)
        #expect(driver.end == (isFinal ? end : nil))
        #expect(driver.loss == (isFinal ? nil : end))
    }

    @Test("Refusals: class L and 206 are final, every other code of the catalogue is not")
    func refusals() {
        for entry in ErrorCatalogue.all {
            let isFinal = entry.code == 206 || entry.errorClass == .loginFatal
            #expect(SessionEnd.refused(entry.code, command: "USR").isFinal == isFinal, "\(entry.code)")
        }
        for code: ErrorCode in [911, 923, 924, 928, 917, 206] {
            #expect(SessionEnd.refused(code, command: "USR").isFinal, "\(code)")
        }
    }

    @Test("A refusal with a code that nobody knows is believed at the third time in a row")
    func unknownRefusals() throws {
        func refuse(_ driver: inout FlowDriver, _ code: Int) {
            driver.beginComingBack()
            driver.feed("\(code) 1")
        }
        var driver = try FlowDriver.online()
        driver.disconnect()
        refuse(&driver, 999)
        refuse(&driver, 998)
        refuse(&driver, 600)
        refuse(&driver, 999)
        refuse(&driver, 999)
        #expect(driver.loss == .refused(999, command: "VER"), "a known refusal broke the row")
        refuse(&driver, 999)
        #expect(driver.end == .refused(999, command: "VER"))
        var mild = try FlowDriver.online()
        mild.disconnect()
        for _ in 1...10 { refuse(&mild, 299) }
        #expect(mild.loss == .refused(299, command: "VER"))
    }

    @Test("Before it was ever online, any failure ends a session")
    func firstSignIn() {
        var driver = FlowDriver()
        driver.connect()
        driver.feed("VER 1 MSNP6")
        driver.disconnect()
        #expect(driver.end == .serverClosed)
        #expect(driver.isClosed && !driver.hasTurn)
        var unreachable = FlowDriver()
        unreachable.fail(.refused)
        #expect(unreachable.end == .unreachable(.refused))
    }

    @Test("The wait: by chance, twice as long after each failure, never longer than five minutes")
    func jitter() throws {
        let chances = Chances([0.0, 0.25, 0.5, 0.75, 0.999, 0.1, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5])
        var driver = try FlowDriver.online(chance: { chances.next() })
        driver.disconnect()
        var waits: [Duration] = []
        for _ in 1...11 {
            waits.append(try #require(driver.timers[.reconnect]))
            #expect(driver.takeEvents().last.map { isReconnecting($0, after: waits.last) } == true)
            driver.fire(.reconnect)
            driver.grantTurn()
            driver.fail(.refused)
        }
        #expect(
            waits == [
                .zero, .milliseconds(500), .seconds(2), .seconds(6), .milliseconds(15_984), .milliseconds(3200),
                .seconds(32), .seconds(64), .seconds(128), .seconds(150), .seconds(150),
            ])
    }

    private func isReconnecting(_ event: SessionEvent, after delay: Duration?) -> Bool {
        if case .reconnecting(_, delay) = event { true } else { false }
    }

    @Test("The back-off grows over short returns, and begins anew after five minutes online")
    func growth() throws {
        var timeouts = FlowTimeouts()
        timeouts.backoff.base = .seconds(2)
        var driver = try FlowDriver.online(timeouts: timeouts)
        var waits: [Duration?] = []
        for _ in 1...3 {
            driver.feed("OUT SSD")
            waits.append(driver.timers[.reconnect])
            try driver.comeBack()
        }
        #expect(driver.timers[.recovery] == .seconds(300))
        driver.fire(.recovery)
        driver.feed("OUT SSD")
        waits.append(driver.timers[.reconnect])
        #expect(waits == [.seconds(1), .seconds(2), .seconds(4), .seconds(1)])
    }

    @Test("Each failed attempt says why, and none says anything else before the session is back")
    func story() throws {
        var driver = try FlowDriver.online()
        driver.feed("OUT SSD")
        _ = driver.takeEvents()
        driver.fire(.reconnect)
        driver.grantTurn()
        driver.fail(.timedOut)
        driver.beginComingBack()
        driver.feed("600 1")
        driver.beginComingBack()
        driver.fire(.signInStep)
        #expect(
            driver.takeEvents() == [
                .reconnecting(.unreachable(.timedOut), after: .seconds(1)),
                .reconnecting(.refused(600, command: "VER"), after: .seconds(2)),
                .reconnecting(.timedOut(command: "VER"), after: .seconds(4)),
            ])
        #expect(driver.connections == Array(repeating: FlowDriver.dispatch, count: 4))
        try driver.comeBack()
        let states = driver.takeEvents().filter { if case .state = $0 { true } else { false } }
        #expect(states == [.state(.online)])
    }

    @Test("A wrong password after a reconnect, 540 and VER 0 end the session")
    func finalWhileReconnecting() throws {
        var refused = try FlowDriver.online()
        refused.disconnect()
        refused.beginComingBack()
        refused.feed("VER 1 MSNP6")
        refused.feed("INF 2 MD5")
        refused.feed("USR 3 MD5 S x")
        refused.feed("911 4")
        #expect(refused.end == .refused(911, command: "USR"))
        var old = try FlowDriver.online()
        old.disconnect()
        old.beginComingBack()
        old.feed("VER 1 0")
        #expect(old.end == .noCommonVersion)
        var challenged = try FlowDriver.online()
        challenged.feed("540 9")
        #expect(challenged.end == .challengeFailed)
    }

    @Test("Signing out while it waits, queues or connects ends it at once")
    func signOut() throws {
        var waiting = try FlowDriver.online()
        waiting.disconnect()
        waiting.signOut()
        #expect(waiting.end == .signedOut)
        var queued = try FlowDriver.online()
        queued.disconnect()
        queued.fire(.reconnect)
        #expect(queued.awaitsTurn)
        queued.signOut()
        #expect(queued.end == .signedOut && !queued.awaitsTurn)
        var connecting = try FlowDriver.online()
        connecting.disconnect()
        connecting.fire(.reconnect)
        connecting.grantTurn()
        connecting.signOut()
        #expect(connecting.end == .signedOut && !connecting.hasTurn)
    }

    // MARK: - Bare closes

    @Test("A bare close right after going online, twice in a row, is no chance")
    func unstable() throws {
        var driver = try FlowDriver.online()
        #expect(driver.timers[.displacement] == .seconds(10))
        driver.disconnect()
        #expect(driver.loss == .connectionLost)
        try driver.comeBack()
        driver.disconnect()
        #expect(driver.loss == .unstable)
    }

    @Test(
        "What breaks the row: a longer stay, and any other failure in between",
        arguments: ["stay", "unreachable", "refused", "closed", "OUT", "OUT SSD"])
    func notUnstable(between: String) throws {
        var driver = try FlowDriver.online()
        driver.disconnect()
        switch between {
        case "stay":
            try driver.comeBack()
            driver.fire(.displacement)
            driver.disconnect()
        case "unreachable":
            driver.fire(.reconnect)
            driver.grantTurn()
            driver.fail(.refused)
        case "refused":
            driver.beginComingBack()
            driver.feed("600 1")
        case "closed":
            driver.beginComingBack()
            driver.feed("VER 1 MSNP6")
            driver.disconnect()
        default:
            try driver.comeBack()
            driver.feed(between)
        }
        try driver.comeBack()
        driver.disconnect()
        #expect(driver.loss == .connectionLost)
    }

    @Test("A close that answers a ping is not counted among them")
    func punishedPing() throws {
        var driver = try FlowDriver.online()
        driver.disconnect()
        try driver.comeBack()
        driver.fire(.keepalive)
        driver.disconnect()
        #expect(driver.lessons == [.closesOnPing])
        #expect(driver.loss == .connectionLost)
        try driver.comeBack()
        driver.disconnect()
        #expect(driver.loss == .connectionLost)
    }

    @Test("An unanswered ping of the last connection says nothing of this one")
    func pingOfOldConnection() throws {
        var driver = try FlowDriver.online()
        driver.fire(.keepalive)
        driver.feed("OUT SSD")
        try driver.comeBack()
        driver.disconnect()
        #expect(driver.lessons.isEmpty)
    }

    @Test("A ping that is unanswered is not put off by the next one")
    func pingsInARow() throws {
        var driver = try FlowDriver.online()
        driver.flow.keepaliveTraits = [.answersPing]
        driver.fire(.keepalive)
        try driver.play("C: PNG")
        driver.fire(.keepalive)
        #expect(driver.takeSent().isEmpty)
        #expect(driver.timers[.keepalive] == .seconds(60))
        driver.fire(.pong)
        #expect(driver.loss == .connectionLost)
    }

    // MARK: - What is restored

    @Test("The status of before is taken on again")
    func status() throws {
        var driver = try FlowDriver.online()
        _ = driver.request(.setPresence(.busy))
        driver.feed("CHG 7 BSY")
        driver.feed("OUT")
        _ = driver.takeEvents()
        try driver.comeBack(status: "BSY")
        let events = driver.takeEvents()
        #expect(events.contains(.ownPresence(.busy, forced: false)))
        #expect(driver.timers[.presenceSettling] == .seconds(5))
    }

    @Test("A name that the server has forgotten is set again, and nobody minds how it takes that")
    func name() throws {
        var driver = try FlowDriver.online()
        let id = driver.request(.rename(try DisplayName(validating: "Al")))
        driver.feed("REA 7 10 alice@example.com Al")
        #expect(driver.completions[id] == .success(.renamed("Al")))
        _ = driver.takeSent()
        driver.disconnect()
        try driver.comeBack(version: 10)
        _ = driver.takeEvents()
        try driver.play(
            """
            C: REA 7 alice@example.com Al
            S: REA 7 11 alice@example.com Al
            """)
        #expect(driver.takeEvents() == [.ownDisplayName("Al")])
        #expect(driver.timers[.request(TransactionID(rawValue: 7))] == nil)

        driver.fire(.displacement)
        driver.disconnect()
        try driver.comeBack(version: 11)
        _ = driver.takeEvents()
        try driver.play(
            """
            C: REA 7 alice@example.com Al
            S: 209 7
            """)
        #expect(driver.takeEvents().isEmpty)
        #expect(driver.flow.state == .online)

        driver.fire(.displacement)
        driver.disconnect()
        try driver.comeBack(version: 11)
        driver.fire(.request(TransactionID(rawValue: 7)))
        #expect(driver.flow.state == .online)
    }

    @Test("No name is set that is there, that was set elsewhere, or that the server keeps locked")
    func nameLeftAlone() throws {
        func driver(_ greeting: String, _ unasked: String? = nil) throws -> [UInt8] {
            var driver = try FlowDriver.online()
            _ = driver.request(.rename(try DisplayName(validating: "Al")))
            driver.feed("REA 7 10 alice@example.com Al")
            if let unasked { driver.feed(unasked) }
            driver.disconnect()
            driver.beginComingBack()
            try driver.play(
                FlowDriver.signIn.split(separator: "\n").dropLast().joined(separator: "\n") + "\nS: \(greeting)\n")
            _ = driver.takeSent()
            driver.feed("SYN 5 12")
            driver.feed("LST 5 RL 12 0 0")
            driver.feed("CHG 6 NLN")
            return driver.takeSent()
        }
        let announcement = Array("CHG 6 NLN\r\n".utf8)
        #expect(try driver("USR 4 OK alice@example.com Al 1") == announcement)
        #expect(try driver("USR 4 OK alice@example.com alice@example.com 0") == announcement)
        #expect(try driver("USR 4 OK alice@example.com Alison 1", "REA 0 11 alice@example.com Alison") == announcement)
        #expect(try driver("USR 4 OK alice@example.com Alison") != announcement, "no bit is no lock")
    }

    // MARK: - List versions

    @Test(
        "The list version is kept up with what the server tells, and asked for anew when a step is missing",
        arguments: [
            ([], 9), (["ADD 0 RL 10 dave@example.com Dave"], 10),
            (["ADD 0 RL 10 dave@example.com Dave", "REM 0 RL 11 dave@example.com"], 11),
            (["BLP 0 10 BL", "GTC 0 11 N", "PRP 0 12 PHH 1", "BPR 13 bob@example.com PHH 2"], 13),
            (["REA 0 10 bob@example.com Bobby", "BPR 10 bob@example.com PHH 2"], 10),
            (["ADD 0 RL 11 dave@example.com Dave"], 0), (["BLP 0 8 BL"], 0),
            (["ADD 0 RL 11 dave@example.com Dave", "BLP 0 12 BL"], 0), (["NLN NLN bob@example.com Bob"], 9),
        ] as [([String], UInt32)])
    func versions(lines: [String], version: UInt32) throws {
        var driver = try FlowDriver.online()
        for line in lines { driver.feed(line) }
        driver.disconnect()
        driver.beginComingBack()
        try driver.play(FlowDriver.signIn + "C: SYN 5 \(version)")
    }

    @Test("An edit without a clear outcome makes the lists suspect; what edits nothing does not")
    func doubtfulEdits() throws {
        func version(_ request: SessionRequest, _ then: (inout FlowDriver) -> Void) throws -> UInt32 {
            var driver = try FlowDriver.online()
            _ = driver.request(request)
            then(&driver)
            driver.feed("OUT SSD")
            return driver.flow.knownVersion
        }
        let rename = SessionRequest.rename(try DisplayName(validating: "Al"))
        let seventh = FlowTimer.request(TransactionID(rawValue: 7))
        #expect(try version(rename) { $0.feed("REA 7 10 alice@example.com Al") } == 10)
        #expect(try version(rename) { _ in } == 0)
        #expect(try version(rename) { $0.fire(seventh) } == 0)
        for code in [215, 216, 218, 219] { #expect(try version(rename) { $0.feed("\(code) 7") } == 0) }
        #expect(try version(rename) { $0.feed("209 7") } == 9)
        #expect(try version(.setPresence(.busy)) { _ in } == 9)
        #expect(try version(.setPresence(.busy)) { $0.fire(seventh) } == 9)
    }

    @Test("Lists that broke off, and a backend whose versions mean nothing, are asked for in full")
    func untrustedVersions() throws {
        var broken = FlowDriver()
        broken.connect()
        try broken.play(FlowDriver.signIn)
        broken.feed("SYN 5 9")
        broken.feed("LST 5 FL 9 1 2 bob@example.com Bob")
        broken.fire(.synchronization)
        broken.feed("CHG 6 NLN")
        broken.feed("ADD 0 RL 10 dave@example.com Dave")
        #expect(broken.flow.knownVersion == 0)
        var careless = try FlowDriver.online(keepsListVersions: false)
        careless.feed("ADD 0 RL 10 dave@example.com Dave")
        #expect(careless.flow.knownVersion == 0)
    }

    @Test("Lists that broke off with their connection leave nothing to the next, whose lists come without a SYN line")
    func listsAfterBrokenOnes() throws {
        var driver = try FlowDriver.online()
        driver.disconnect(isBroken: true)
        driver.beginComingBack()
        try driver.play(FlowDriver.signIn + "C: SYN 5 9")
        driver.feed("SYN 5 10")
        driver.feed("LST 5 FL 10 1 2 bob@example.com Bob")
        driver.disconnect(isBroken: true)
        driver.beginComingBack()
        try driver.play(FlowDriver.signIn + "C: SYN 5 9")
        #expect(driver.timers[.signInStep] != nil)
        driver.feed("LST 5 FL 10 1 2 bob@example.com Bob")
        #expect(driver.timers[.signInStep] == nil, "the lists are the answer")
        #expect(driver.timers[.synchronization] != nil)
    }

    // MARK: - Turns

    @Test("A turn is held from before the first connection of an attempt until online, over every referral")
    func turns() throws {
        var driver = FlowDriver()
        #expect(driver.hasTurn)
        driver.connect()
        try driver.play(
            """
            C: VER 1 MSNP6 MSNP5 MSNP4 CVR0
            S: VER 1 MSNP6
            C: INF 2
            S: INF 2 MD5
            C: USR 3 MD5 I alice@example.com
            S: XFR 3 NS 10.0.0.6:1863 0
            """)
        #expect(driver.hasTurn)
        driver.connect()
        try driver.play(FlowDriver.signIn + FlowDriver.lists)
        #expect(driver.hasTurn)
        try driver.play(FlowDriver.announcement)
        #expect(!driver.hasTurn)
        #expect(driver.turnsAsked == [true])
        driver.disconnect()
        #expect(!driver.awaitsTurn, "the wait comes first")
        driver.fire(.reconnect)
        #expect(driver.turnsAsked == [true, false], "only a first sign-in has somebody waiting")
    }
}

/// Chances that are no chance.
private final class Chances: Sendable {
    private let values: [Double]
    private let used = Atomic(0)

    init(_ values: [Double]) { self.values = values }

    func next() -> Double { values[used.wrappingAdd(1, ordering: .relaxed).oldValue] }
}
