import MSNP
import Testing

@Suite struct OnlineFlowTests {
    @Test("Contacts come, change and go; somebody adds us")
    func comingAndGoing() throws {
        var driver = try FlowDriver.online()
        _ = driver.takeEvents()
        try driver.play(
            """
            S: NLN NLN carol@example.com Carol
            S: ADD 0 RL 10 frank@example.com Frank%20%26%20Co
            S: NLN AWY carol@example.com Carol
            S: FLN carol@example.com
            S: REM 0 RL 12 frank@example.com
            S: ILN 99 FLN bob@example.com
            """)
        #expect(
            driver.takeEvents() == [
                .presence(.online, handle: "carol@example.com", name: "Carol"),
                .listAdded(ListMember(handle: "frank@example.com", name: "Frank & Co"), .reverse, version: 10),
                .presence(.away, handle: "carol@example.com", name: "Carol"),
                .presence(.offline, handle: "carol@example.com", name: nil),
                .listRemoved(handle: "frank@example.com", .reverse, version: 12),
                .presence(.offline, handle: "bob@example.com", name: ""),
            ])
    }

    @Test("A change of presence is answered by its echo, the event first, and not by the ILNs that carry its ID")
    func setPresence() throws {
        var driver = try FlowDriver.online()
        _ = driver.takeEvents()
        let id = driver.request(.setPresence(.busy))
        driver.feed("ILN 7 NLN bob@example.com Bob")
        #expect(driver.completions[id] == nil)
        try driver.play(
            """
            C: CHG 7 BSY
            S: CHG 7 BSY
            """)
        #expect(driver.completions[id] == .success(.presence(.busy)))
        #expect(driver.takeEvents().last == .ownPresence(.busy, forced: false))
        #expect(driver.flow.status == .busy)
        driver.feed("CHG 0 FLN")
        #expect(driver.takeEvents() == [.ownPresence(.offline, forced: true)])
        #expect(driver.flow.status == .busy, "what to come back with is what was asked for")
    }

    @Test("Requests are answered by transaction, in whatever order")
    func outOfOrder() throws {
        var driver = try FlowDriver.online()
        let rename = driver.request(.rename(try DisplayName(validating: "Zoë ☕ 100% +\u{3000}")))
        let service = driver.request(.service("PROFILE", parameter: "0x0409"))
        let presence = driver.request(.setPresence(.away))
        try driver.play(
            """
            C: REA 7 alice@example.com Zo%C3%AB%20%E2%98%95%20100%25%20+%E3%80%80
            C: URL 8 PROFILE 0x0409
            C: CHG 9 AWY
            S: CHG 9 AWY
            S: URL 8 http://members.example/Edit.asp?lc=1033 https://login.example/md5auth.srf?lc=1033 4263
            S: REA 7 17 alice@example.com Zo%C3%AB%20%E2%98%95%20100%25%20+%E3%80%80
            """)
        #expect(driver.completions[presence] == .success(.presence(.away)))
        #expect(
            driver.completions[service]
                == .success(
                    .service(
                        ServiceReply(
                            redirect: "http://members.example/Edit.asp?lc=1033",
                            login: "https://login.example/md5auth.srf?lc=1033", siteID: "4263"))))
        #expect(driver.completions[rename] == .success(.renamed("Zoë ☕ 100% +\u{3000}")))
        #expect(driver.events.contains(.ownDisplayName("Zoë ☕ 100% +\u{3000}")))
    }

    @Test("A refusal and a silence fail one request, not the session; a late answer still counts as a fact")
    func failAlone() throws {
        var driver = try FlowDriver.online()
        let refused = driver.request(.rename(try DisplayName(validating: "x")))
        let silent = driver.request(.setPresence(.outToLunch))
        driver.feed("209 7")
        #expect(driver.completions[refused] == .failure(.refused(209, command: "REA")))
        driver.fire(.request(TransactionID(rawValue: 8)))
        #expect(driver.completions[silent] == .failure(.timedOut(command: "CHG")))
        #expect(driver.flow.state == .online)
        _ = driver.takeEvents()
        driver.feed("CHG 8 LUN")
        #expect(driver.takeEvents() == [.ownPresence(.outToLunch, forced: false)])
        let next = driver.request(.setPresence(.busy))
        driver.feed("CHG 9 BSY")
        #expect(driver.completions[next] == .success(.presence(.busy)))
    }

    @Test("Requests of a session that is not online are answered at once, those under way when it ends too")
    func interrupted() throws {
        var early = FlowDriver()
        let tooEarly = early.request(.setPresence(.busy))
        #expect(early.completions[tooEarly] == .failure(.notOnline(.connecting)))
        var driver = try FlowDriver.online()
        let pending = driver.request(.setPresence(.busy))
        driver.disconnect()
        #expect(driver.completions[pending] == .failure(.interrupted))
        #expect(driver.loss == .connectionLost)
        #expect(driver.timers.keys.elementsEqual([.reconnect]))
        let waiting = driver.request(.setPresence(.busy))
        #expect(driver.completions[waiting] == .failure(.notOnline(.reconnecting)))
    }

    @Test(
        "Thrown out",
        arguments: [
            ("OUT OTH", SessionEnd.signedInElsewhere), ("OUT SSD", .serverShutdown), ("OUT", .serverClosed),
            ("OUT MIG", .serverClosed),
        ])
    func thrownOut(line: String, end: SessionEnd) throws {
        var driver = try FlowDriver.online()
        driver.feed(line)
        #expect(driver.isConnected == false)
        #expect(driver.isClosed == (line == "OUT OTH"))
        #expect((driver.end ?? driver.loss) == end)
    }

    @Test("Challenges: answered each, in any form; 540 is final, silence is not")
    func challenges() throws {
        var driver = try FlowDriver.online()
        try driver.play(
            """
            S: CHL 0 11111111111111111111
            S: CHL 12345678901234567890
            C: QRY 7 msmsgs@msnmsgr.com 32
            > 3b6666b60157322b6fc6e41a115968f5
            """)
        try driver.play(
            """
            C: QRY 8 msmsgs@msnmsgr.com 32
            > 8ba1bb9d6dbf624fee31a2053af5fdd0
            S: QRY 8
            """)
        driver.fire(.request(TransactionID(rawValue: 7)))
        #expect(driver.flow.state == .online)
        driver.feed("CHL 0 15570131571988941333")
        driver.feed("540 9")
        #expect(driver.end == .challengeFailed)
    }

    @Test("An unsolicited move: sign in there, same status, and those not told again are offline")
    func moved() throws {
        var driver = try FlowDriver.online()
        let pending = driver.request(.setPresence(.busy))
        driver.feed("CHG 7 BSY")
        let lost = driver.request(.setPresence(.away))
        _ = driver.takeEvents()
        driver.feed("XFR 0 NS 10.0.0.6:1863 0")
        #expect(driver.completions[pending] == .success(.presence(.busy)))
        #expect(driver.completions[lost] == .failure(.interrupted))
        #expect(driver.takeEvents() == [.reconnecting(.serverClosed, after: nil)])
        #expect(!driver.isConnected, "it does not wait for its turn with the old connection open")
        driver.grantTurn()
        #expect(driver.connections.last == ServerAddress(host: "10.0.0.6"))
        driver.connect()
        try driver.play(FlowDriver.signIn)
        try driver.play(
            """
            C: SYN 5 9
            S: SYN 5 9
            C: CHG 6 BSY
            S: CHG 6 BSY
            S: ILN 6 NLN bob@example.com Bob
            """)
        #expect(driver.takeEvents().contains(.state(.online)))
        driver.fire(.presenceSettling)
        #expect(driver.takeEvents() == [.presenceSettled])
    }

    @Test("Who is there at the first sign-in is all named when no ILN has come for a while, and not before")
    func announcements() throws {
        var driver = try FlowDriver.online()
        #expect(driver.timers[.presenceSettling] == .milliseconds(250))
        _ = driver.takeEvents()
        driver.feed("ILN 6 AWY bob@example.com Bob")
        driver.feed("CHL 0 12345")
        driver.fire(.presenceSettling)
        let bob = SessionEvent.initialPresence(.away, handle: "bob@example.com", name: "Bob")
        #expect(driver.takeEvents() == [bob])
        #expect(driver.timers[.presenceSettling] == .milliseconds(250))
        driver.feed("ILN 6 NLN carol@example.com Carol")
        driver.fire(.presenceSettling)
        #expect(driver.takeEvents().count == 1)
        driver.feed("NLN BSY bob@example.com Bob")
        driver.fire(.presenceSettling)
        #expect(driver.takeEvents().last == .presenceSettled)
        #expect(driver.timers[.presenceSettling] == nil)
    }

    @Test("Names from the server are fit for display, handles are compared without case")
    func display() throws {
        var driver = try FlowDriver.online()
        _ = driver.takeEvents()
        driver.feed("REA 0 5 ALICE@EXAMPLE.COM A%0D%0A%00B")
        driver.feed("NLN NLN Alice@example.com Me")
        #expect(driver.takeEvents() == [.ownDisplayName("A\u{FFFD}\u{FFFD}\u{FFFD}B")])
        var roster = Roster()
        var lists = SynchronizedLists(version: 1)
        lists.members[.forward] = [ListMember(handle: "bob@example.com", name: "Bob%0D")]
        _ = roster.apply(lists)
        _ = roster.apply(.online, of: "Bob@Example.com", name: "B\u{7}b")
        #expect(roster.contact("bob@example.com")?.displayName == "B\u{FFFD}b")
    }

    @Test(
        "Lines of no use are ignored and named",
        arguments: ["XYZ 1 2 3", "NLN", "NLN QQQ a@b x", "LST", "ADD x FL 1 a@b", "CHG", "\u{1}\u{2}", "PRP 5"])
    func ignored(line: String) throws {
        var driver = try FlowDriver.online()
        _ = driver.takeEvents()
        driver.feed(line)
        guard case .ignored = driver.takeEvents().first else {
            Issue.record("not ignored")
            return
        }
        #expect(driver.flow.state == .online)
    }

    @Test("The keepalive rule: ping when idle; death by silence only where a ping was answered before")
    func keepalive() throws {
        var driver = try FlowDriver.online()
        #expect(driver.timers[.keepalive] == .seconds(60))
        driver.fire(.keepalive)
        try driver.play("C: PNG")
        #expect(driver.timers[.pong] == .seconds(20))
        driver.feed("QNG 50")
        #expect(driver.timers[.pong] == nil)
        #expect(driver.lessons == [.answersPing])
        driver.flow.keepaliveTraits = [.answersPing]
        driver.fire(.keepalive)
        #expect(driver.timers[.pong] == .seconds(20))
        driver.feed("NLN NLN bob@example.com Bob")
        #expect(driver.timers[.pong] == nil, "any word is a sign of life")
        driver.fire(.keepalive)
        driver.fire(.pong)
        #expect(driver.loss == .connectionLost)
    }

    @Test("A backend that closes on a ping gets no more of them, unless the operator says so")
    func punishedPing() throws {
        var driver = try FlowDriver.online()
        driver.fire(.keepalive)
        driver.disconnect()
        #expect(driver.lessons == [.closesOnPing])
        #expect(driver.loss == .connectionLost)
        var wiser = try FlowDriver.online()
        wiser.flow.keepaliveTraits = [.closesOnPing]
        wiser.fire(.keepalive)
        #expect(wiser.unread.isEmpty)
    }

    @Test("A backend that leaves pings unanswered is not dead, and gets no more of them if it talks all the same")
    func unansweredPing() throws {
        var silent = try FlowDriver.online()
        silent.fire(.keepalive)
        silent.fire(.pong)
        #expect(silent.end == nil)
        #expect(silent.lessons.isEmpty)
        silent.disconnect()
        #expect(silent.lessons.isEmpty, "a loss long after the ping is no punishment for it")
        var talking = try FlowDriver.online()
        talking.fire(.keepalive)
        talking.feed("NLN NLN bob@example.com Bob")
        talking.fire(.pong)
        #expect(talking.lessons == [.ignoresPing])
        talking.flow.keepaliveTraits = [.ignoresPing]
        _ = talking.takeSent()
        talking.fire(.keepalive)
        #expect(talking.unread.isEmpty)
    }

    @Test("Servers that send us round in circles, or challenge without end")
    func circles() throws {
        var restarting = FlowDriver()
        restarting.connect()
        for number in 1...10 where restarting.end == nil { restarting.feed("XFR \(number) NS 0") }
        #expect(restarting.end == nil, "only an answer to USR, or an unsolicited one, restarts")
        for _ in 1...10 where restarting.end == nil { restarting.feed("XFR 0 NS 0") }
        #expect(restarting.end == .protocolError(.referralLoop))

        var online = try FlowDriver.online()
        for move in 1...WireLimits.referrals {
            Self.move(&online)
            #expect(online.flow.state == .online, "move \(move): it was let in in between")
        }
        online.feed("XFR 0 NS 10.0.0.9:1863 0")
        #expect(online.end == .protocolError(.referralLoop))

        var stable = try FlowDriver.online()
        for _ in 1...3 * WireLimits.referrals {
            Self.move(&stable)
            stable.fire(.stability)
        }
        #expect(stable.flow.state == .online)

        var challenged = try FlowDriver.online()
        for number in 1...1_000 { challenged.feed("CHL 0 \(number)") }
        #expect(challenged.timers.count < 20)
    }

    /// Sent to the same server once more, and let in there.
    private static func move(_ driver: inout FlowDriver) {
        driver.feed("XFR 0 NS 10.0.0.9:1863 0")
        driver.grantTurn()
        driver.connect()
        driver.feed("VER 1 MSNP6")
        driver.feed("INF 2 MD5")
        driver.feed("USR 3 MD5 S c")
        driver.feed("USR 4 OK alice@example.com A 1")
        driver.feed("SYN 5 9")
        driver.feed("LST 5 RL 9 0 0")
        driver.feed("CHG 6 NLN")
    }

    @Test("Lists that broke off take nobody away, and lines that come late still count")
    func partialLists() throws {
        var roster = Roster()
        var lists = SynchronizedLists(version: 9)
        lists.members[.forward] = [ListMember(handle: "bob@example.com", name: "Bob")]
        lists.members[.reverse] = [ListMember(handle: "bob@example.com", name: "Bob")]
        _ = roster.apply(lists)
        var partial = SynchronizedLists(version: 0)
        partial.isPartial = true
        #expect(roster.apply(partial).isEmpty)
        partial.members[.forward] = [ListMember(handle: "carol@example.com", name: "Carol")]
        #expect(roster.apply(partial).count == 1)
        #expect(roster.contacts.count == 2)
        #expect(roster.contact("bob@example.com")?.lists == [.forward, .reverse])
        var driver = try FlowDriver.online()
        driver.feed("LST 5 AL 9 1 1 dave@example.com Dave")
        #expect(
            driver.events.last
                == .listAdded(ListMember(handle: "dave@example.com", name: "Dave"), .allow, version: 9))
    }

    @Test("A profile and a system message become events")
    func messages() throws {
        var driver = try FlowDriver.online()
        _ = driver.takeEvents()
        try driver.play(
            """
            S: MSG Hotmail Hotmail 90
            | MIME-Version: 1.0
            | Content-Type: application/x-msmsgssystemmessage
            |
            | Type: 1
            | Arg1: 5
            |
            S: MSG Hotmail Hotmail 3
            > abc
            """)
        let events = driver.takeEvents()
        #expect(events.count == 1)
        guard case .systemMessage = events.first else {
            Issue.record("no system message")
            return
        }
    }

    @Test("Whatever a server says in whatever state, nothing traps and nothing follows the end")
    func everythingEverywhere() throws {
        let lines = [
            "VER 1 MSNP6", "INF 2 MD5", "USR 3 MD5 S c", "USR 4 OK a@b A 1", "XFR 0 NS 0", "XFR 3 NS h:1 0", "SYN 5 9",
            "LST 5 RL 9 0 0", "CHG 6 NLN", "CHG 0 FLN", "CHL 0 1", "QRY 7", "540", "911 4", "OUT", "OUT OTH", "QNG",
            "ILN 6 NLN a@b x", "FLN a@b", "ADD 0 RL 1 a@b A", "REM 0 RL 2 a@b", "URL 8 /x /y 1", "GTC 5 9 A",
            "BPR 9 PHH 1",
            "MSG a b 2\r\nhi", "NOT 2\r\nhi", "REA 0 3 a@b N",
        ]
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<300 {
            var driver = FlowDriver()
            for _ in 0..<60 {
                switch Int.random(in: 0..<12, using: &generator) {
                case 0: driver.connect()
                case 1 where Int.random(in: 0..<6, using: &generator) == 0: driver.disconnect()
                case 2: _ = driver.request(.setPresence(.busy))
                case 3: if let timer = driver.timers.keys.randomElement(using: &generator) { driver.fire(timer) }
                case 4 where Int.random(in: 0..<9, using: &generator) == 0: driver.signOut()
                default: if let line = lines.randomElement(using: &generator) { driver.feed(line) }
                }
            }
            if driver.isClosed { #expect(driver.end != nil) }
        }
    }
}
