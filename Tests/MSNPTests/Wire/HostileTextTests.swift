import ByteText
import Testing

@testable import MSNP

/// Text that servers and other people send: what it costs, whom it means, how long it may be.
@Suite struct HostileTextTests {
    /// That many bytes of combining marks, out of order, for which `String` needs a time that grows with their square.
    static func marks(_ bytes: Int) -> String { String(repeating: "\u{0301}\u{0323}", count: bytes / 4) }

    private static let sizes = [1, 4, 16, 64].map { $0 * 1024 }

    private static func mime(_ fields: String...) -> MIMEPayload {
        MIMEPayload(parsing: Array(fields.map { $0 + "\r\n" }.joined().utf8) + [0x0D, 0x0A])
    }

    private static func notification(_ marks: String) -> [UInt8] {
        Array(
            """
            <NOTIFICATION id="1" siteid="\(marks)" siteurl="http://a/\(marks)"><MSG id="1"><ACTION url="\(marks)"/>\
            <BODY><TEXT>\(marks)</TEXT></BODY></MSG></NOTIFICATION>
            """.utf8)
    }

    /// Each way in, given a text.
    private static let entries: [(name: String, take: @Sendable (String) -> Void)] = [
        ("frame", { text in _ = Frame(line: Array("\(text) 1 FL".utf8)) }),
        (
            "decoder",
            { text in
                var decoder = FrameDecoder(.fromServer)
                // A line is held to its own limit, so that the rest comes in lines.
                let piece = String(decoding: text.utf8.prefix(WireLimits.line / 4), as: UTF8.self)
                for _ in 0..<4 { decoder.append(Array("NLN NLN \(piece) x\r\n".utf8).span) }
                while let frame = try? decoder.next() { _ = try? ServerCommand(parsing: frame) }
            }
        ),
        (
            "server commands",
            { text in
                for line in [
                    "LST 8 FL 9 1 2 \(text) x", "LST 8 \(text) 9 1 2 a@b x", "NLN \(text) a@b x", "NLN NLN a@b \(text)",
                    "FLN \(text)", "ADD 0 RL 9 \(text) x", "REM 0 RL 9 \(text)", "REA 0 9 \(text) x",
                    "BPR 9 \(text)@ PHH 1",
                    "BPR 9 a@b \(text) 1", "PRP 8 9 \(text) 1", "XFR 3 \(text) 10.0.0.5:1863 0", "XFR 3 NS \(text) 0",
                    "XFR 3 SB 10.0.0.5:1863 CKI \(text)", "RNG \(text) 10.0.0.5:1863 CKI 1.2 a@b x",
                    "RNG 1 \(text):1863 CKI 1.2 a@b x", "RNG 1 10.0.0.5:1863 CKI 1.2 \(text) x", "OUT \(text)",
                    "USR 3 \(text) S 1", "USR 3 OK \(text) x 1", "USR 3 OK a@b x \(text)", "VER 1 \(text)",
                    "INF 2 \(text)",
                    "FND 25 1 2 \(text)=1", "URL 9 \(text) \(text) 1", "MSG \(text) \(text)", "\(text) 1",
                ] { _ = try? ServerCommand(parsing: Frame(line: Array(line.utf8))) }
            }
        ),
        (
            "switchboard commands",
            { text in
                for line in [
                    "JOI \(text) x", "JOI a@b \(text)", "IRO 1 1 2 \(text) x", "BYE \(text)", "BYE a@b \(text)",
                    "MSG \(text) x", "CAL 2 \(text) 1", "CAL 2 RINGING \(text)", "USR 1 \(text) a@b x", "ANS 1 \(text)",
                ] { _ = try? SwitchboardServerCommand(parsing: Frame(line: Array(line.utf8))) }
            }
        ),
        (
            "sign-in",
            { text in
                _ = Dialect(named: text)
                _ = Dialect.isClientVersionOnly(text)
            }
        ),
        (
            "roster",
            { text in
                var roster = Roster()
                var lists = SynchronizedLists(version: 1)
                lists.members[.forward] = [
                    ListMember(handle: text, name: text), ListMember(handle: text + "x", name: text),
                ]
                _ = roster.apply(lists)
                _ = roster.apply(lists)
                _ = roster.apply(.online, of: text, name: text)
                _ = roster.add(ListMember(handle: text, name: text), to: .reverse, version: 2)
                _ = roster.contact(text)
                roster.expectPresenceAnew()
                _ = roster.settlePresence()
            }
        ),
        ("handle", { text in _ = Handle.fold(text) == Handle.fold(text + "x") }),
        (
            "MIME",
            { text in
                let payload = mime("\(text): x", "Content-Type: \(text)", "a: \(text)")
                _ = (payload.contentType, payload["a"], payload.flag("a"), payload.number("a"))
                _ = (Profile(payload), PersonalMessage(payload), MailNotification(payload), SystemMessage(payload))
            }
        ),
        (
            "content type",
            { text in
                let payload = mime("Content-Type: text/plain; \(text)=1; charset=\(text)")
                _ = (payload.contentType, payload.contentParameter("charset"), ChatText(payload))
                _ = ChatText(mime("Content-Type: text/plain; charset=\"\(text)"))
            }
        ),
        ("font", { text in _ = TextFormat(parsing: "FN=\(text); \(text)=1; EF=\(text); RL=\(text)") }),
        ("format", { text in _ = TextFormat(parsing: text) }),
        (
            "invitation",
            { text in
                let body = "Invitation-Command: \(text)\r\nInvitation-Cookie: 1\r\n\(text): 1\r\n"
                _ = Invitation(mime("Content-Type: text/x-msmsgsinvite", "", body))
            }
        ),
        (
            "mail",
            { text in
                let body = "Src-Folder: \(text)\r\nDest-Folder: \(text)x\r\nMessage-Delta: 1\r\n"
                let payload = mime("Content-Type: text/x-msmsgsactivemailnotification", "", body)
                var counts = MailCounts()
                if let change = MailNotification(payload) { counts.apply(change) }
            }
        ),
        ("encoded words", { text in _ = EncodedWords.decode("=?\(text)?Q?a?= =?utf-8?Q?\(text)?= \(text)") }),
        ("notification", { text in _ = NotificationDocument(parsing: notification(text)) }),
        (
            "notification names",
            { text in
                _ = NotificationDocument(parsing: Array("<NOTIFICATION \(text)=\"1\"><\(text)/></NOTIFICATION>".utf8))
                _ = NotificationDocument(parsing: Array("<NOTIFICATION>&\(text);</NOTIFICATION>".utf8))
            }
        ),
        (
            "address",
            { text in
                _ = ServerAddress(parsing: text)
                _ = WebAddress(parsing: "http://\(text)/")
                _ = ServiceLocation(ServiceReply(redirect: text, login: text, siteID: text))
            }
        ),
        (
            "trace",
            { text in
                for line in ["USR 3 \(text) S 1", "URL 9 \(text)?\(text) \(text) 1"] {
                    _ = BlankedFrame(Frame(line: Array(line.utf8)), .fromServer, onSwitchboard: false)
                }
                let payload = Array("\(text): 1\r\nContent-Type: \(text)\r\n\r\n\(text)".utf8)
                _ = BlankedFrame(Frame("MSG", ["a", "b"], payload: payload), .fromServer, onSwitchboard: true)
            }
        ),
    ]

    @Test("What it costs grows no faster than its length", arguments: entries.map(\.name))
    func work(name: String) throws {
        let entry = try #require(Self.entries.first { $0.name == name })
        for size in Self.sizes {
            let text = Self.marks(size)
            let work = TextWork.bytes { entry.take(text) }
            // A few dozen lines, each compared a few times, and what is compared whatever comes.
            #expect(work <= 256 * size + 16 * 1024, "\(name): \(work) for \(size)")
        }
    }

    @Test("500 list lines with handles of 16 KB name nobody, and cost nothing")
    func longHandles() throws {
        var driver = FlowDriver()
        driver.connect()
        try driver.play(FlowDriver.signIn + "C: SYN 5 0\nS: SYN 5 9\n")
        let long = Self.marks(16_000)
        let work = TextWork.bytes {
            for index in 1...500 { driver.feed("LST 5 FL 9 \(index) 500 \(long) x") }
        }
        #expect(work <= 500 * 64)
        #expect(driver.dropped == Array(repeating: "LST", count: 500))
        // Everybody else is there once the server is silent.
        driver.feed("LST 5 FL 9 1 1 bob@example.com Bob")
        driver.fire(.synchronization)
        let lists = driver.events.compactMap { if case .synchronized(let lists) = $0 { lists } else { nil } }.last
        #expect(lists?.members[.forward]?.map(\.handle) == ["bob@example.com"])
    }

    @Test("A header name of 60 KB is no header, and 20 messages with such fonts cost what their length does")
    func longHeaders() {
        let marks = Self.marks(60_000)
        let header = TextWork.bytes {
            let payload = Self.mime("\(marks): 1", "Content-Type: text/plain; charset=UTF-8")
            #expect(payload[FoldedText(marks)] == nil)
            #expect(payload.contentType == "text/plain")
        }
        // Looking it up folds it once.
        #expect(header <= 4 * 60_000)
        let fonts = TextWork.bytes {
            for _ in 0..<20 {
                let payload = Self.mime("Content-Type: text/plain", "X-MMS-IM-Format: FN=\(marks); EF=B; \(marks)=1")
                let format = ChatText(payload)?.format
                #expect(format?.font == nil)
                #expect(format?.isBold == true)
            }
        }
        #expect(fonts <= 20 * 4 * 60_000)
    }

    @Test(
        "A handle, a name or a word that is too long costs its line, and the longest does not",
        arguments: [
            ("LST 8 FL 9 1 2 % x", WireLimits.handle), ("NLN NLN % x", WireLimits.handle), ("FLN %", WireLimits.handle),
            ("ILN 8 NLN % x", WireLimits.handle), ("ADD 0 RL 9 % x", WireLimits.handle),
            ("REM 0 RL 9 %", WireLimits.handle), ("REA 0 9 % x", WireLimits.handle), ("MSG % x", WireLimits.handle),
            ("RNG 1 10.0.0.5:1863 CKI 1.2 % x", WireLimits.handle), ("USR 4 OK % x 1", WireLimits.handle),
            ("RNG % 10.0.0.5:1863 CKI 1.2 a@b x", WireLimits.ticket),
            ("XFR 3 SB 10.0.0.5:1863 CKI %", WireLimits.ticket), ("NLN NLN a@b %", WireLimits.receivedText),
            ("LST 8 FL 9 1 2 a@b %", WireLimits.receivedText), ("PRP 8 9 PHH %", WireLimits.receivedText),
            ("BPR 9 a@b PHH %", WireLimits.receivedText),
        ])
    func limits(line: String, limit: Int) throws {
        func parse(_ length: Int) throws -> ServerCommand {
            let whole = line.replacing("%", with: String(repeating: "a", count: length))
            return try ServerCommand(parsing: Frame(line: Array(whole.utf8)))
        }
        _ = try parse(limit)
        #expect {
            try parse(limit + 1)
        } throws: { error in
            if case .tooLong? = error as? ParseError { true } else { false }
        }
    }

    @Test("Somebody who joins or writes under a handle that is too long is nobody")
    func switchboardLimits() throws {
        var driver = ConversationDriver()
        let (message, _) = try driver.send("hi", to: "bob@example.com")
        let board = try driver.enter()
        let long = String(repeating: "b", count: WireLimits.handle + 1)
        driver.say("JOI \(long) x", on: board)
        driver.says(long, "hello", on: board)
        driver.say("BYE \(long)", on: board)
        #expect(driver.dropped == ["JOI", "MSG", "BYE"])
        driver.say("JOI bob@example.com Bob", on: board)
        #expect(driver.texts(board) == ["hi"])
        #expect(driver.outcomes(of: message).isEmpty)
    }

    @Test("An e with its accent in one scalar and in two are two accounts, and the KELVIN SIGN is no k")
    func whoIsWho() {
        let one = "caf\u{E9}@example.com"
        let two = "cafe\u{301}@example.com"
        #expect(Handle.fold(one) != Handle.fold(two))
        #expect(Handle.fold("\u{212A}@example.com") != Handle.fold("k@example.com"))
        #expect(Handle.fold("K@Example.COM") == Handle.fold("k@example.com"))
        var roster = Roster()
        var lists = SynchronizedLists(version: 1)
        lists.members[.forward] = [ListMember(handle: one, name: "1"), ListMember(handle: two, name: "2")]
        _ = roster.apply(lists)
        #expect(roster.contacts.count == 2)
        #expect(roster.contact(two)?.displayName == "2")
        // And a name that is spelt with other scalars is news.
        let renamed = roster.rename(ListMember(handle: one, name: "e\u{301}"), version: 2)
        #expect(renamed.count == 1)
        #expect(roster.rename(ListMember(handle: one, name: "\u{E9}"), version: 3).count == 1)
        #expect(roster.rename(ListMember(handle: one, name: "\u{E9}"), version: 4).isEmpty)
        #expect(MIMEPayload(parsing: Array("\u{212A}ey: 1\r\n\r\n".utf8))["Key"] == nil)
    }

    @Test("A separator with a combining mark behind it separates all the same")
    func separators() {
        let payload = Self.mime("Content-Type: text/plain;\u{301}x=1; charset=windows-1252")
        #expect(payload.contentParameter("charset") == "windows-1252")
        #expect(TextFormat(parsing: "FN=Arial;\u{301}; EF=B").font == "Arial")
        #expect(ServerAddress(parsing: "host:\u{301}1863") == nil)
    }
}
