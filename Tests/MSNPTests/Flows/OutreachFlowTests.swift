import Testing

@testable import MSNP

/// The directory, invitations by mail, pages and alerts, as docs/protocol.md#outreach has them.
@Suite struct OutreachFlowTests {
    private static func query(_ country: String = "US") throws -> SessionRequest {
        .outreach(.search(try DirectoryQuery(firstName: "Another", lastName: "User", country: country)))
    }

    private static func invitation(_ text: String? = nil) throws -> MailInvitation {
        MailInvitation(
            to: try Handle(validating: "newbie@example.com"), language: nil, from: try DisplayName(validating: "Alice"),
            text: try text.map { try MessageText(validating: $0) })
    }

    private static let carol = "carol@example.com"

    private static func page() throws -> SessionRequest {
        .outreach(.page(try Handle(validating: carol), try Page(validating: "This is an example message.")))
    }

    /// Online, with the next command under a number of its transcript.
    private func online(next: Int) throws -> FlowDriver {
        var driver = try FlowDriver.online()
        for _ in 7..<next { _ = driver.flow.counter.next() }
        _ = driver.takeEvents()
        return driver
    }

    /// A conversation as `FlowDriver` plays it.
    private func text(_ transcript: Transcript, _ commands: Range<Int>) -> String {
        transcript.commands[commands].map { command in
            let who = command.direction == .fromClient ? "C" : "S"
            let payload = String(decoding: command.payload, as: UTF8.self)
            return "\(who): \(command.line)\n" + (payload.isEmpty ? "" : "> \(payload)\n")
        }.joined()
    }

    private func document(_ text: String, _ command: String = "IPG") -> [UInt8] {
        Array("\(command) \(text.utf8.count)\r\n\(text)".utf8)
    }

    private func failure(of transaction: Int, code: String = "407", text: String = "") -> [UInt8] {
        document(
            "<NOTIFICATION id='\(transaction)'><MSG id='\(code)'><BODY><TEXT>\(text)</TEXT></BODY></MSG></NOTIFICATION>"
        )
    }

    // MARK: - The directory

    @Test("A search is answered by its last line, and by 0 0")
    func directory() throws {
        var driver = try online(next: 25)
        let found = driver.request(try Self.query())
        try driver.play(text(Transcript.directory, 0..<2))
        #expect(driver.completions[found] == nil, "one of two")
        try driver.play(text(Transcript.directory, 2..<3))
        let people = [("New York", "NY"), ("Stillwater", "OK")].map {
            DirectoryEntry(firstName: "Another", lastName: "User", city: $0.0, state: $0.1, country: "US")
        }
        #expect(driver.completions[found] == .success(.outreach(.people(people))))
        #expect(driver.timers[.request(TransactionID(rawValue: 25))] == nil)
        let nobody = driver.request(try Self.query("DE"))
        try driver.play(text(Transcript.directory, 3..<5))
        #expect(driver.completions[nobody] == .success(.outreach(.people([]))))
        #expect(driver.takeEvents().isEmpty)
    }

    @Test("Two searches at once keep their people apart, and a server may count from 0")
    func interleaved() throws {
        var driver = try online(next: 7)
        let first = driver.request(try Self.query())
        let second = driver.request(try Self.query())
        for line in ["FND 7 0 2 fname=A", "FND 8 1 2 fname=X", "FND 7 1 2 fname=B", "FND 8 2 2 fname=Y"] {
            driver.feed(line)
        }
        func named(_ names: String...) -> Result<RequestReply, RequestFailure> {
            .success(.outreach(.people(names.map { DirectoryEntry(firstName: $0) })))
        }
        #expect(driver.completions[first] == named("A", "B"))
        #expect(driver.completions[second] == named("X", "Y"))
        #expect(driver.flow.searches.isEmpty)
        driver.feed("FND 8 3 2 fname=Z")
        #expect(driver.takeEvents() == [.ignored(command: "FND")], "nobody waits for it")
    }

    @Test("Errors end a search, half-way too", arguments: [201, 301, 502, 503] as [ErrorCode])
    func refusedSearch(code: ErrorCode) throws {
        var driver = try online(next: 7)
        let id = driver.request(try Self.query())
        driver.feed("FND 7 1 3 fname=A")
        driver.feed("\(code) 7")
        #expect(driver.completions[id] == .failure(.refused(code, command: "FND")))
        #expect(driver.flow.searches.isEmpty)
        #expect(driver.commandLessons == [.answers(command: "FND")])
    }

    @Test("More people than are kept, by number or by size, end the search and not the session", arguments: [8, 2_000])
    func endless(length: Int) throws {
        var driver = try online(next: 7)
        let id = driver.request(try Self.query())
        let name = String(repeating: "x", count: length)
        let most = min(DirectorySearch.mostEntries, DirectorySearch.mostBytes / length)
        for index in 1...most { driver.feed("FND 7 \(index) 4294967295 fname=\(name)") }
        #expect(driver.completions[id] == nil)
        driver.feed("FND 7 \(most + 1) 4294967295 fname=\(name)")
        #expect(driver.completions[id] == .success(.outreach(.tooManyPeople)))
        #expect(driver.flow.searches.isEmpty)
        #expect(driver.flow.state == .online)
    }

    @Test("A search that stops half-way times out, and a lost connection forgets it")
    func unfinished() throws {
        var driver = try online(next: 7)
        let stalled = driver.request(try Self.query())
        driver.feed("FND 7 1 2 fname=A")
        driver.fire(.request(TransactionID(rawValue: 7)))
        #expect(driver.completions[stalled] == .failure(.timedOut(command: "FND")))
        #expect(driver.flow.searches.isEmpty)
        let lost = driver.request(try Self.query())
        driver.feed("FND 8 1 2 fname=A")
        driver.disconnect()
        #expect(driver.completions[lost] == .failure(.interrupted))
        #expect(driver.flow.searches.isEmpty)
    }

    // MARK: - Invitations

    @Test("With a text and without")
    func invitations() throws {
        var driver = try online(next: 27)
        let text = driver.request(.outreach(.invite(try Self.invitation("Join me on messenger!"))))
        try driver.play(self.text(Transcript.invitations, 0..<2))
        #expect(driver.completions[text] == .success(.outreach(.invited)))
        var plain = try Self.invitation()
        plain.recipient = "1"
        let index = driver.request(.outreach(.invite(plain)))
        try driver.play(self.text(Transcript.invitations, 2..<4))
        #expect(driver.completions[index] == .success(.outreach(.invited)))
    }

    @Test("Line ends go out as CRLF, the language as four digits")
    func composed() throws {
        let invitation = MailInvitation(
            to: try Handle(validating: "a@b"), language: 1031, from: try DisplayName(validating: "Zoë"),
            text: try MessageText(validating: "a\nb\r\nc"))
        #expect(invitation.text.value == Array("a\r\nb\r\nc".utf8))
        #expect(invitation.language == "0x0407")
        let large = MailInvitation(
            to: try Handle(validating: "a@b"), language: .max, from: try DisplayName(validating: "Zoë"), text: nil)
        #expect(large.language == "0xffff")
    }

    @Test(
        "Below MSNP5 it is SND, with the parameters of the dialect",
        arguments: [
            (Dialect.msnp2, "newbie@example.com"), (.msnp3, "newbie@example.com 0x0409 MSMSGS"),
            (.msnp4, "newbie@example.com 0x0409 MSMSGS MSMSGS"),
        ])
    func olderDialects(dialect: Dialect, parameters: String) throws {
        var driver = try online(next: 24)
        driver.flow.dialect = dialect
        let id = driver.request(.outreach(.invite(try Self.invitation())))
        try driver.play("C: SND 24 \(parameters)\nS: SND 24 OK")
        #expect(driver.completions[id] == .success(.outreach(.invited)))
        let refused = driver.request(.outreach(.invite(try Self.invitation())))
        driver.feed("503 25")
        #expect(driver.completions[refused] == .failure(.refused(503, command: "SND")))
        driver.flow.commands.forbidden = ["SND"]
        _ = driver.takeSent()
        let unsupported = driver.request(.outreach(.invite(try Self.invitation())))
        #expect(driver.completions[unsupported] == .failure(.notSupported(command: "SND")))
        #expect(driver.takeSent().isEmpty)
    }

    // MARK: - Pages

    @Test("An error is the refusal")
    func refusedPage() throws {
        var driver = try online(next: 30)
        let id = driver.request(try Self.page())
        try driver.play(text(Transcript.page, 0..<2))
        #expect(driver.completions[id] == .failure(.refused(800, command: "PAG")))
        driver.feed(failure(of: 30))
        #expect(driver.takeEvents() == [.ignored(command: "IPG")], "a page that was refused can't fail again")
    }

    @Test("Silence is acceptance, which teaches nothing of the command; a failure may come long after")
    func acceptedPage() throws {
        var driver = try online(next: 30)
        let id = driver.request(try Self.page())
        #expect(driver.timers[.request(TransactionID(rawValue: 30))] == .seconds(5))
        driver.fire(.request(TransactionID(rawValue: 30)))
        #expect(driver.completions[id] == .success(.outreach(.paged(id))))
        #expect(driver.commandLessons.isEmpty)
        driver.feed(failure(of: 30))
        let page = SentPage(id: id, recipient: try Handle(validating: Self.carol))
        #expect(driver.takeEvents() == [.pageFailed(page, .undelivered(code: 407))])
        #expect(driver.commandLessons == [.answers(command: "PAG")])
        driver.feed(failure(of: 30))
        #expect(driver.takeEvents() == [.ignored(command: "IPG")], "once")
    }

    @Test("A refusal that comes late, and a failure that comes early")
    func untimely() throws {
        var driver = try online(next: 7)
        let late = driver.request(try Self.page())
        driver.fire(.request(TransactionID(rawValue: 7)))
        driver.feed("220 7")
        let page = SentPage(id: late, recipient: try Handle(validating: Self.carol))
        #expect(driver.takeEvents() == [.pageFailed(page, .refused(220))])
        let early = driver.request(try Self.page())
        driver.feed(failure(of: 8, code: ""))
        #expect(driver.completions[early] == .success(.outreach(.undelivered(code: nil))))
        #expect(driver.takeEvents().isEmpty, "who asked was told")
    }

    @Test("A failure finds its page across connections, whose commands are counted anew")
    func acrossConnections() throws {
        var driver = try online(next: 7)
        let old = driver.request(try Self.page())
        driver.fire(.request(TransactionID(rawValue: 7)))
        driver.disconnect()
        try driver.comeBack()
        _ = driver.takeEvents()
        // An error for another command under the old page's number says nothing of the page.
        let rename = driver.request(.rename(try DisplayName(validating: "A")))
        driver.fire(.request(TransactionID(rawValue: 7)))
        #expect(driver.completions[rename] == .failure(.timedOut(command: "REA")))
        driver.feed("209 7")
        #expect(driver.takeEvents().isEmpty)
        driver.disconnect()
        driver.beginComingBack()
        // After an edit without an outcome the lists are asked for whole.
        try driver.play(FlowDriver.signIn + FlowDriver.lists + FlowDriver.announcement)
        _ = driver.takeEvents()
        let new = driver.request(try Self.page())
        driver.fire(.request(TransactionID(rawValue: 8)))
        #expect(driver.completions[new] == .success(.outreach(.paged(new))), "7 is the old one's")
        driver.feed(failure(of: 7))
        driver.feed(failure(of: 8, code: "1"))
        let carol = try Handle(validating: Self.carol)
        #expect(
            driver.takeEvents() == [
                .pageFailed(SentPage(id: old, recipient: carol), .undelivered(code: 407)),
                .pageFailed(SentPage(id: new, recipient: carol), .undelivered(code: 1)),
            ])
    }

    @Test("Pages are remembered to a limit, the newest ones")
    func memory() throws {
        let carol = try Handle(validating: Self.carol)
        var pages = SentPages()
        for number in 1...UInt32(SentPages.most + 1) {
            pages.append(
                SentPage(id: RequestID(rawValue: UInt64(number)), recipient: carol),
                as: TransactionID(rawValue: number))
        }
        #expect(!pages.contains(TransactionID(rawValue: 1)))
        let second = pages.take(TransactionID(rawValue: 2))
        let again = pages.take(TransactionID(rawValue: 2))
        #expect(second?.id == RequestID(rawValue: 2))
        #expect(again == nil)
    }

    @Test("A server that closes on PAG is recognised by it")
    func punished() throws {
        var driver = try online(next: 7)
        let id = driver.request(try Self.page())
        driver.disconnect()
        #expect(driver.completions[id] == .failure(.interrupted))
        #expect(driver.commandLessons == [.closes(onCommand: "PAG")])
    }

    // MARK: - What comes unasked

    @Test("An alert and a page")
    func incoming() throws {
        var driver = try online(next: 7)
        try driver.play(text(Transcript.alerts, 0..<2))
        let alert = try #require(NotificationDocument(parsing: Transcript.alerts.commands[0].payload))
        #expect(
            driver.takeEvents() == [
                .alert(alert), .page(from: "carol@example.com", text: Redacted("Hello from my phone.")),
            ])
    }

    @Test("A page under a number that nobody knows is one if it says something")
    func numberedPage() throws {
        var driver = try online(next: 7)
        driver.feed(failure(of: 4711, text: "Hello"))
        driver.feed(failure(of: 4711))
        #expect(driver.takeEvents() == [.page(from: nil, text: Redacted("Hello")), .ignored(command: "IPG")])
    }

    @Test(
        "A document that can't be read costs itself and nothing else",
        arguments: [
            "", "<", "not markup", "<NOTIFICATION>", "<OTHER/>", "<NOTIFICATION id='1'></MSG></NOTIFICATION>",
            "<!DOCTYPE x [<!ENTITY a 'b'>]><NOTIFICATION id='0'><MSG><BODY><TEXT>&a;</TEXT></BODY></MSG></NOTIFICATION>",
            String(repeating: "<NOTIFICATION>", count: 4_000),
        ])
    func unreadable(text: String) throws {
        var driver = try online(next: 7)
        driver.feed(document(text, "NOT"))
        driver.feed(document(text, "IPG"))
        #expect(driver.takeEvents() == [.ignored(command: "NOT"), .ignored(command: "IPG")])
        driver.feed("NLN BSY bob@example.com Bob")
        #expect(driver.takeEvents() == [.presence(.busy, handle: "bob@example.com", name: "Bob")])
    }

    @Test("Mail and a system message, before the session is online too")
    func mail() throws {
        var driver = FlowDriver()
        driver.connect()
        try driver.play(FlowDriver.signIn)
        _ = driver.takeEvents()
        for transcript in [Transcript.initialMail, .newMail, .movedMail, .systemMessage] {
            try driver.play(text(transcript, 0..<1))
        }
        let events = driver.takeEvents()
        guard events.count == 4, case .mail(.status(let status)) = events[0],
            case .mail(.received(let mail)) = events[1]
        else {
            Issue.record("other events: \(events)")
            return
        }
        #expect(status.inboxUnread == 1)
        #expect(mail.subject == "Just saying hello.")
        #expect(events[2] == .mail(.changed(MailChange(source: "ACTIVE", destination: "ACTIVE", count: 1))))
        guard case .systemMessage(let notice) = events[3] else {
            Issue.record("no notice: \(events[3])")
            return
        }
        #expect(notice.minutes == 5)
    }

    @Test("Nothing of a page shows in what describes an event")
    func redaction() throws {
        var driver = try online(next: 7)
        try driver.play(text(Transcript.alerts, 0..<2))
        let shown = "\(driver.events)" + String(reflecting: driver.events)
        #expect(!shown.contains("Hello"))
        #expect(!shown.contains("example notification"))
    }
}
