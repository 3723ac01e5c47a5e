import MSNP
import Testing

@Suite struct SignInFlowTests {
    @Test("Dispatch, sign-in, unchanged lists, challenge, sign-out")
    func classicSession() throws {
        var driver = FlowDriver()
        driver.flow.knownVersion = 8
        #expect(driver.connections == [FlowDriver.dispatch])
        driver.connect()
        try driver.play(
            """
            C: VER 1 MSNP6 MSNP5 MSNP4 CVR0
            S: VER 1 MSNP6
            C: INF 2
            S: INF 2 MD5
            C: USR 3 MD5 I alice@example.com
            S: XFR 3 NS 10.0.0.5:1863 0
            """)
        #expect(driver.connections.last == ServerAddress(host: "10.0.0.5"))
        #expect(driver.unread.isEmpty, "no OUT after a referral")
        driver.connect()
        try driver.play(FlowDriver.signIn)
        try driver.play(
            """
            C: SYN 5 8
            S: SYN 5 8
            C: CHG 6 NLN
            S: CHG 6 NLN
            S: CHL 0 11111111111111111111
            C: QRY 7 msmsgs@msnmsgr.com 32
            > 3b6666b60157322b6fc6e41a115968f5
            S: QRY 7
            """)
        #expect(
            driver.takeEvents() == [
                .state(.connecting), .state(.signingIn), .state(.connecting), .state(.signingIn),
                .negotiated(.msnp6),
                .signedIn(handle: "alice@example.com", displayName: "Alice A.", verified: true),
                .state(.synchronizing), .synchronized(nil), .ownPresence(.online, forced: false), .state(.online),
            ])
        driver.signOut()
        try driver.play(
            """
            C: OUT
            S: OUT
            """)
        #expect(driver.end == .signedOut)
        #expect(driver.isClosed)
        #expect(driver.timers.isEmpty)
    }

    @Test(
        "VER in every shape that servers use",
        arguments: [
            ("VER 1 MSNP6", Dialect.msnp6), ("VER 1 MSNP5", .msnp5), ("VER 1 MSNP4", .msnp4),
            ("VER 1 MSNP6 MSNP5 MSNP4 CVR0", .msnp6), ("VER 1 MSNP6 CVR0", .msnp6), ("VER 1 msnp5", .msnp5),
            ("VER 1 MSNP7 MSNP6 MSNP5", .msnp6), ("VER 1 MSNP4 MSNP5", .msnp4), ("VER 1 CVR0 MSNP5", .msnp5),
        ])
    func dialects(answer: String, dialect: Dialect) throws {
        var driver = FlowDriver()
        driver.connect()
        driver.feed(answer)
        try driver.play(
            """
            C: VER 1 MSNP6 MSNP5 MSNP4 CVR0
            C: INF 2
            S: INF 2 MD5
            C: USR 3 MD5 I alice@example.com
            S: USR 3 MD5 S 1013928519.693957190
            C: USR 4 MD5 S ca119f98ef5b826b095287c249ca8e87
            S: USR 4 OK alice@example.com Alice%20A.
            C: SYN 5 0
            """)
        #expect(driver.flow.dialect == dialect)
        #expect(
            driver.events.contains(
                .signedIn(handle: "alice@example.com", displayName: "Alice A.", verified: nil)))
    }

    @Test("Nothing in common", arguments: ["VER 1 0", "VER 1 0 MSNP8", "VER 1 MSNP8", "VER 1 MSNP7 MSNP8"])
    func noCommonVersion(answer: String) {
        var driver = FlowDriver()
        driver.connect()
        driver.feed(answer)
        #expect(driver.end == .noCommonVersion)
        #expect(driver.isClosed)
    }

    @Test("CVR0 alone asks which client would do, and ends")
    func clientTooOld() throws {
        var driver = FlowDriver()
        driver.connect()
        try driver.play(
            """
            C: VER 1 MSNP6 MSNP5 MSNP4 CVR0
            S: VER 1 CVR0
            C: CVQ 2 0x0409 win 4.10 i386 MSMSGS 3.6.0038
            S: CVQ 2 5.0.0537 5.0.0537 1.0.0863 http://download.example.com/setupdl.exe http://messenger.example.com
            """)
        #expect(driver.end == .clientTooOld)
    }

    @Test("INF with packages in either notation", arguments: ["INF 2 MD5", "INF 2 CTP MD5", "INF 2 CTP,MD5"])
    func packages(answer: String) throws {
        var driver = FlowDriver()
        driver.connect()
        driver.feed("VER 1 MSNP6")
        driver.feed(answer)
        try driver.play(
            """
            C: VER 1 MSNP6 MSNP5 MSNP4 CVR0
            C: INF 2
            C: USR 3 MD5 I alice@example.com
            """)
    }

    @Test("A server without MD5 is of no use")
    func noPackage() {
        var driver = FlowDriver()
        driver.connect()
        driver.feed("VER 1 MSNP6")
        driver.feed("INF 2 CTP")
        #expect(driver.end == .noSecurityPackage)
    }

    @Test("XFR NS 0 begins again on the same connection")
    func softReset() throws {
        var driver = FlowDriver()
        driver.connect()
        try driver.play(
            """
            C: VER 1 MSNP6 MSNP5 MSNP4 CVR0
            S: VER 1 MSNP6
            C: INF 2
            S: INF 2 MD5
            C: USR 3 MD5 I alice@example.com
            S: XFR 3 NS 0
            C: VER 4 MSNP6 MSNP5 MSNP4 CVR0
            S: VER 4 MSNP6
            C: INF 5
            """)
        #expect(driver.connections.count == 1)
    }

    @Test(
        "Referrals in every form",
        arguments: [
            ("XFR 3 NS 10.0.0.5:1863", ServerAddress(host: "10.0.0.5")),
            ("XFR 3 NS 10.0.0.5:1863 0", ServerAddress(host: "10.0.0.5")),
            ("XFR 3 NS 10.0.0.5:1863 0 10.0.0.1:1863", ServerAddress(host: "10.0.0.5")),
            ("XFR 3 NS ns.example", ServerAddress(host: "ns.example")),
            ("XFR 3 NS ns.example:443 0", ServerAddress(host: "ns.example", port: 443)),
            ("XFR 3 NS [2001:db8::1]:1864 0", ServerAddress(host: "2001:db8::1", port: 1864)),
            ("XFR 0 NS 10.0.0.6:1863 0", ServerAddress(host: "10.0.0.6")),
        ])
    func referrals(line: String, address: ServerAddress) {
        var driver = FlowDriver()
        driver.connect()
        driver.feed("VER 1 MSNP6")
        driver.feed("INF 2 MD5")
        driver.feed(line)
        #expect(driver.connections == [FlowDriver.dispatch, address])
    }

    @Test("Referrals that never end")
    func referralLoop() {
        var driver = FlowDriver()
        var hops = 0
        while driver.end == nil, hops < 100 {
            driver.connect()
            driver.feed("VER 1 MSNP6")
            driver.feed("INF 2 MD5")
            driver.feed("XFR 3 NS ns\(hops % 2).example:1863 0")
            hops += 1
        }
        #expect(driver.end == .protocolError(.referralLoop))
        #expect(hops <= WireLimits.referrals + 1)
    }

    @Test("Refusals", arguments: [911, 923, 917, 601, 928, 500, 777] as [ErrorCode])
    func refusals(code: ErrorCode) throws {
        var driver = FlowDriver()
        driver.connect()
        try driver.play(FlowDriver.signIn.components(until: "S: USR 4"))
        driver.feed("\(code) 4")
        #expect(driver.end == .refused(code, command: "USR"))
    }

    @Test("An error without its transaction still ends the step; one of another transaction does not")
    func looseErrors() {
        var driver = FlowDriver()
        driver.connect()
        driver.feed("601 77")
        #expect(driver.end == nil)
        driver.feed("601")
        #expect(driver.end == .refused(601, command: "VER"))
    }

    @Test("924 is final when the server closes or keeps silent", arguments: [true, false])
    func notVerified(closes: Bool) throws {
        var driver = FlowDriver()
        driver.connect()
        try driver.play(FlowDriver.signIn.components(until: "S: USR 4"))
        driver.feed("924 4")
        #expect(driver.end == nil)
        if closes { driver.disconnect() } else { driver.fire(.doubtfulRefusal) }
        #expect(driver.end == .refused(924, command: "USR"))
    }

    @Test("924 followed by USR OK is the soft warning")
    func softlyUnverified() throws {
        var driver = FlowDriver()
        driver.connect()
        try driver.play(FlowDriver.signIn.components(until: "S: USR 4"))
        driver.feed("924 4")
        driver.feed("USR 4 OK alice@example.com alice@example.com%20(E-Mail%20Address%20Not%20Verified) 0")
        try driver.play("C: SYN 5 0")
        #expect(
            driver.events.contains(
                .signedIn(
                    handle: "alice@example.com", displayName: "alice@example.com (E-Mail Address Not Verified)",
                    verified: false)))
    }

    @Test("931 asks the dispatch server once more, and once only")
    func accountElsewhere() {
        var driver = FlowDriver()
        for _ in 1...2 {
            driver.connect()
            driver.feed("VER 1 MSNP6")
            driver.feed("INF 2 MD5")
            driver.feed("USR 3 MD5 S challenge")
            driver.feed("931 4")
        }
        #expect(driver.connections == [FlowDriver.dispatch, FlowDriver.dispatch])
        #expect(driver.end == .refused(931, command: "USR"))
    }

    @Test("Silence at each step names the command that got no answer")
    func silence() throws {
        let answers = ["", "VER 1 MSNP6", "INF 2 MD5", "USR 3 MD5 S c", "USR 4 OK alice@example.com A 1"]
        let commands = ["VER", "INF", "USR", "USR", "SYN"]
        for step in answers.indices {
            var driver = FlowDriver()
            driver.connect()
            for answer in answers[...step] { driver.feed(answer) }
            #expect(driver.timers[.signInStep] == .seconds(20))
            driver.fire(.signInStep)
            #expect(driver.end == .timedOut(command: commands[step]))
            #expect(driver.isClosed)
        }
    }

    @Test("Something that is no MSN server")
    func nonsense() {
        var driver = FlowDriver()
        driver.connect()
        driver.feed("HTTP/1.1 400 Bad Request")
        driver.feed("Connection: close")
        #expect(driver.end == nil, "a line alone is ignored, whatever it says")
        driver.disconnect()
        #expect(driver.end == .protocolError(.notMSNP))

        var silentAfter = FlowDriver()
        silentAfter.connect()
        silentAfter.feed("SSH-2.0-OpenSSH_9.2")
        silentAfter.fire(.signInStep)
        #expect(silentAfter.end == .protocolError(.notMSNP))

        var mail = FlowDriver()
        mail.connect()
        mail.feed("220 mail.example ESMTP")
        #expect(mail.end == nil)
        mail.disconnect()
        #expect(mail.end == .protocolError(.notMSNP))

        var endless = FlowDriver()
        endless.connect()
        endless.feed([UInt8](repeating: 0x41, count: WireLimits.line + 1))
        #expect(endless.end == .protocolError(.notMSNP))
    }

    @Test("Nobody there, and a close in the middle")
    func unreachable() {
        var nobody = FlowDriver()
        nobody.fail(.refused)
        #expect(nobody.end == .unreachable(.refused))
        var closing = FlowDriver()
        closing.connect()
        closing.feed("VER 1 MSNP6")
        closing.disconnect()
        #expect(closing.end == .serverClosed)
    }

    @Test("Leaving before the sign-in is over")
    func leavingEarly() throws {
        var driver = FlowDriver()
        driver.connect()
        driver.signOut()
        try driver.play(
            """
            C: VER 1 MSNP6 MSNP5 MSNP4 CVR0
            C: OUT
            """)
        driver.fire(.goodbye)
        #expect(driver.end == .signedOut)
    }

    @Test("OUT during the sign-in")
    func thrownOut() {
        var driver = FlowDriver()
        driver.connect()
        driver.feed("VER 1 MSNP6")
        driver.feed("OUT SSD")
        #expect(driver.end == .serverShutdown)
    }
}

extension String {
    /// The lines before the first that begins so.
    func components(until prefix: String) -> String {
        split(separator: "\n", omittingEmptySubsequences: false)
            .prefix { !$0.hasPrefix(prefix) }.joined(separator: "\n")
    }
}
