import Testing

@testable import MSNP

@Suite struct SynchronizationFlowTests {
    private func synchronizing() throws -> FlowDriver {
        var driver = FlowDriver()
        driver.connect()
        try driver.play(FlowDriver.signIn + "C: SYN 5 0")
        _ = driver.takeEvents()
        return driver
    }

    @Test("The worked example")
    func workedExample() throws {
        var driver = try synchronizing()
        try driver.play(
            """
            S: SYN 5 9
            S: GTC 5 9 A
            S: BLP 5 9 AL
            S: PRP 5 9 PHH 1%20(555)%20010%200100
            S: PRP 5 9 PHW
            S: PRP 5 9 PHM
            S: PRP 5 9 MOB N
            S: PRP 5 9 MBE N
            S: LST 5 FL 9 1 2 bob@example.com Bob%20B.
            S: BPR 9 bob@example.com PHH 1%20(555)%20010%200199
            S: BPR 9 bob@example.com PHW
            S: BPR 9 bob@example.com PHM
            S: BPR 9 bob@example.com MOB N
            S: LST 5 FL 9 2 2 carol@example.com carol@example.com
            S: BPR 9 carol@example.com PHH
            S: BPR 9 carol@example.com PHW
            S: BPR 9 carol@example.com PHM
            S: BPR 9 carol@example.com MOB Y
            S: LST 5 AL 9 1 1 bob@example.com Bob%20B.
            S: LST 5 BL 9 1 1 mallory@example.com Mallory
            S: LST 5 RL 9 1 2 bob@example.com Bob%20B.
            S: LST 5 RL 9 2 2 dave@example.com Dave
            C: CHG 6 NLN
            """)
        #expect(driver.flow.listsGoOn.isEmpty, "what each list line does is kept for a sign-in only")
        guard case .synchronized(let lists?) = driver.events.first else {
            Issue.record("not synchronized")
            return
        }
        var roster = Roster()
        let changes = roster.apply(lists)
        #expect(roster.version == 9)
        #expect(roster.phones.home == "1 (555) 010 0100")
        #expect(roster.phones.mobileMessaging == false)
        #expect(roster.contact("BOB@example.com")?.phones.home == "1 (555) 010 0199")
        #expect(roster.contact("bob@example.com")?.lists == [.forward, .allow, .reverse])
        #expect(roster.contact("carol@example.com")?.lists == .forward)
        #expect(roster.contact("carol@example.com")?.phones.mobileMessaging == true)
        #expect(roster.contact("mallory@example.com")?.isBlocked == true)
        let dave = try #require(roster.contact("dave@example.com"))
        #expect(dave.isPending)
        #expect(changes.contains(.contactRequested(dave)))
        #expect(roster.contacts.count == 4)
        #expect(roster.apply(lists).isEmpty, "told twice, changed once")
        var other = lists
        (other.privacy, other.addPrompt) = (.block, .allowSilently)
        #expect(roster.privacy == .allow && roster.addPrompt == .ask)
        #expect(roster.apply(other) == [.privacyChanged], "both are one thing")
        #expect(roster.privacy == .block && roster.addPrompt == .allowSilently)
    }

    @Test("A server that leaves out transactions and handles")
    func escargot() throws {
        var driver = try synchronizing()
        try driver.play(
            """
            S: SYN 5 10
            S: GTC 5 10 A
            S: BLP 5 10 AL
            S: PRP 10 PHH 555
            S: PRP 10 MBE N
            S: LST 5 FL 10 1 1 bob@example.com Bob%20B.
            S: BPR 10 PHM 777
            S: LST 5 AL 10 1 1 bob@example.com Bob%20B.
            S: BPR 10 PHM 777
            S: LST 5 BL 10 0 0
            S: LST 5 RL 10 1 1 bob@example.com Bob%20B.
            S: BPR 10 PHW 888
            C: CHG 6 NLN
            S: CHG 6 NLN
            S: ILN 6 NLN bob@example.com Bob%20B.
            """)
        let events = driver.takeEvents()
        guard case .synchronized(let lists?) = events.first else {
            Issue.record("not synchronized")
            return
        }
        #expect(lists.phones.home == "555")
        #expect(lists.contactPhones["bob@example.com"]?.mobile == "777")
        #expect(events.contains(.contactPhone(handle: "bob@example.com", .work, "888")), "it trails the last line")
        #expect(events.last == .initialPresence(.online, handle: "bob@example.com", name: "Bob B."))
    }

    @Test("A SYN line with nothing after it is complete after 2 s")
    func noListsAtAll() throws {
        var driver = try synchronizing()
        driver.feed("SYN 5 1")
        #expect(driver.timers[.synchronization] == .seconds(2))
        #expect(driver.timers[.signInStep] == nil)
        driver.fire(.synchronization)
        try driver.play(FlowDriver.announcement)
        #expect(driver.flow.state == .online)
        var empty = SynchronizedLists(version: 0)
        empty.isPartial = true
        #expect(driver.events.first == .synchronized(empty))
    }

    @Test("Lists that stop half-way are complete after 5 s, and the old version is kept")
    func stalledLists() throws {
        var driver = try synchronizing()
        driver.feed("SYN 5 9")
        driver.feed("LST 5 FL 9 1 2 bob@example.com Bob")
        #expect(driver.timers[.synchronization] == .seconds(5))
        driver.fire(.synchronization)
        try driver.play("C: CHG 6 NLN")
        guard case .synchronized(let lists?) = driver.events.first else {
            Issue.record("not synchronized")
            return
        }
        #expect(lists.version == 0)
        #expect(lists.members[.forward]?.count == 1)
    }

    @Test("SYN told twice, a version lower than ours, presence ahead of the lists")
    func oddities() throws {
        var driver = FlowDriver()
        driver.flow.knownVersion = 20
        driver.connect()
        try driver.play(FlowDriver.signIn + "C: SYN 5 20")
        _ = driver.takeEvents()
        driver.feed("SYN 5 9")
        driver.feed("SYN 5 9")
        driver.feed("ILN 5 BSY bob@example.com Bob")
        driver.feed("LST 5 FL 9 1 1 bob@example.com Bob")
        driver.feed("LST 5 AL 9 0 0")
        driver.feed("LST 5 BL 9 0 0")
        #expect(driver.events.isEmpty)
        driver.feed("LST 5 RL 9 0 0")
        guard case .synchronized(let lists?) = driver.events.first else {
            Issue.record("not synchronized")
            return
        }
        #expect(lists.version == 9)
        #expect(driver.events.last == .presence(.busy, handle: "bob@example.com", name: "Bob"))
    }

    @Test("More list lines than any server keeps end the session")
    func endlessLists() throws {
        var driver = try synchronizing()
        driver.feed("SYN 5 9")
        for index in 1...WireLimits.listEntries + 1 where driver.end == nil {
            driver.feed("LST 5 FL 9 \(index) 4000000000 u\(index)@example.com U")
        }
        #expect(driver.end == .protocolError(.tooManyListEntries))
    }

    @Test("A refused SYN and a refused first CHG name their command")
    func refused() throws {
        var driver = try synchronizing()
        driver.feed("603 5")
        #expect(driver.end == .refused(603, command: "SYN"))
        var other = try synchronizing()
        other.feed("SYN 5 0")
        other.fire(.synchronization)
        other.feed("201 6")
        #expect(other.end == .refused(201, command: "CHG"))
    }
}
