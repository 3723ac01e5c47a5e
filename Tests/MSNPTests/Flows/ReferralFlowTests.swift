import MSNP
import Testing

/// What is told of where a referral leads.
@Suite struct ReferralFlowTests {
    private func referred() throws -> FlowDriver {
        var driver = FlowDriver()
        driver.connect()
        try driver.play(
            """
            C: VER 1 MSNP6 MSNP5 MSNP4 CVR0
            S: VER 1 MSNP6
            C: INF 2
            S: INF 2 MD5
            C: USR 3 MD5 I alice@example.com
            S: XFR 3 NS 10.0.0.5:8080 0

            """)
        return driver
    }

    @Test("The same whether nobody is there or something that is no MSN server")
    func oneWord() throws {
        let expected = SessionEnd.unreachable(.unusableReferral)
        var closed = try referred()
        closed.fail(.refused)
        #expect(closed.end == expected)
        var swallowed = try referred()
        swallowed.fail(.timedOut)
        #expect(swallowed.end == expected)
        var nameless = try referred()
        nameless.fail(.unresolved)
        #expect(nameless.end == expected)
        var silent = try referred()
        silent.connect()
        silent.fire(.signInStep)
        #expect(silent.end == expected)
        var shut = try referred()
        shut.connect()
        shut.disconnect()
        #expect(shut.end == expected)
        for line in ["HTTP/1.1 400 Bad Request", "500 Syntax error", "500 1", "OUT", "911 1"] {
            var other = try referred()
            other.connect()
            other.feed(line)
            if other.end == nil { other.disconnect() }
            #expect(other.end == expected, "\(line)")
        }
        var flood = try referred()
        flood.connect()
        flood.perform(flood.flow.flooded())
        #expect(flood.end == expected)
    }

    @Test("A server that has answered VER is one, and what it says is told")
    func proven() throws {
        var driver = try referred()
        driver.connect()
        try driver.play("C: VER 1 MSNP6 MSNP5 MSNP4 CVR0\nS: VER 1 MSNP6\nC: INF 2\nS: 600 2\n")
        #expect(driver.end == .refused(600, command: "INF"))
        var old = try referred()
        old.connect()
        try old.play("C: VER 1 MSNP6 MSNP5 MSNP4 CVR0\nS: VER 1 0\n")
        #expect(old.end == .noCommonVersion)
    }

    @Test("What the policy forbids is said")
    func forbidden() throws {
        var driver = try referred()
        driver.fail(.forbiddenAddress)
        #expect(driver.end == .unreachable(.forbiddenAddress))
    }
}
