import ByteText
import MSNP
import MSNPClient
import Testing

@testable import Gateway

/// The exact bytes of everything that the API writes: clients compare them, and entity tags are made of them.
@Suite struct JSONBytesTests {
    private let time = Timestamp(milliseconds: 1_700_000_000_007)

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private func contact(phones: ContactPhones = ContactPhones()) -> Contact {
        var contact = Contact(account: "bob@example.com", displayName: "Bob / \"B\"")
        contact.presence = .beRightBack
        contact.lists = [.forward, .allow, .reverse]
        contact.phones = phones
        return contact
    }

    private var phones: ContactPhones {
        var phones = ContactPhones()
        phones.home = "1"
        phones.work = "2"
        phones.mobile = "3"
        phones.mobileMessaging = false
        return phones
    }

    private var format: FormatResource {
        FormatResource(TextFormat(parsing: "FN=Comic%20Sans; EF=BI; CO=ff; CS=0; PF=22; RL=1"))
    }

    private var session: SessionResource {
        SessionResource(
            id: "xZ0r9cKf3mQw7TbL", account: "alice@example.com", displayName: "Alice", verified: nil,
            state: "connecting",
            reason: nil, retryAt: nil, status: "offline", backend: "sandbox", protocol: nil, createdAt: time,
            lastReceivedAt: nil, cursor: "abcdefgh.0")
    }

    @Test("Of characters only those are escaped that JSON wants escaped; slashes and what is beyond ASCII stay")
    func escapes() {
        func written(_ value: String) -> String {
            text(JSONWriter.bytes(of: ConversationResource.Participant(account: "a", displayName: value)))
        }
        let escapes: [String: String] = [
            "\"": #"\""#, "\\": #"\\"#, "\u{8}": #"\b"#, "\u{C}": #"\f"#, "\n": #"\n"#, "\r": #"\r"#, "\t": #"\t"#,
            "\u{0}": #"\u0000"#, "\u{1}": #"\u0001"#, "\u{B}": #"\u000b"#, "\u{F}": #"\u000f"#, "\u{10}": #"\u0010"#,
            "\u{1B}": #"\u001b"#, "\u{1F}": #"\u001f"#,
        ]
        for (raw, escaped) in escapes {
            let expected = #"{"account":"a","displayName":"x"# + escaped + #"y"}"#
            #expect(Array(written("x\(raw)y").utf8) == Array(expected.utf8))
        }
        let plain = [
            "/", "</script>", "\u{7F}", "\u{80}", "\u{85}", "\u{A0}", "é", "e\u{301}", "\u{2028}", "\u{2029}",
            "\u{202E}", "\u{FEFF}", "\u{FFFD}", "\u{FFFF}", "👩‍👩‍👧‍👧", "\u{10FFFF}", "", " ",
        ]
        for raw in plain {
            #expect(Array(written(raw).utf8) == Array((#"{"account":"a","displayName":""# + raw + #""}"#).utf8))
        }
        #expect(Array(written("\r\n").utf8) == Array(#"{"account":"a","displayName":"\r\n"}"#.utf8))
    }

    @Test("Numbers are written to the last digit")
    func numbers() {
        #expect(text(JSONWriter.bytes(of: GapNotice(missed: .max))) == #"{"missed":18446744073709551615}"#)
        #expect(text(JSONWriter.bytes(of: GapNotice(missed: 0))) == #"{"missed":0}"#)
    }

    @Test("Resources: members by name, what is absent left out")
    func resources() {
        for (bytes, expected) in [
            (JSONWriter.bytes(of: session), Bytes.session),
            (JSONWriter.bytes(of: fullSession), Bytes.fullSession),
            (JSONWriter.bytes(of: ContactResource(contact(), hasPhones: false)), Bytes.contact),
            (JSONWriter.bytes(of: ContactResource(contact(), hasPhones: true)), Bytes.contactWithoutPhones),
            (JSONWriter.bytes(of: ContactResource(contact(phones: phones), hasPhones: true)), Bytes.contactWithPhones),
            (JSONWriter.bytes(of: JSONMember("contacts", [ContactResource]())), Bytes.noContacts),
            (JSONWriter.bytes(of: PersonResource(DirectoryEntry())), Bytes.nobody),
            (
                JSONWriter.bytes(
                    of:
                        PersonResource(
                            DirectoryEntry(firstName: "A", lastName: "B", city: "C", state: "S", country: "US"))),
                Bytes.person
            ),
            (JSONWriter.bytes(of: format), Bytes.format),
            (JSONWriter.bytes(of: message), Bytes.message),
            (JSONWriter.bytes(of: conversation(absent: nil)), Bytes.conversation),
            (
                JSONWriter.bytes(
                    of: conversation(absent: [.init(account: "carol@example.com", reason: .contactOffline)])),
                Bytes.conversationWithAbsent
            ),
            (snapshot, Bytes.snapshot),
            (JSONWriter.bytes(of: GapNotice(missed: 7, oldest: "abcdefgh.7", snapshot: "/v1/x")), Bytes.gap),
            (JSONWriter.bytes(of: GapNotice()), Bytes.nothing),
            (JSONWriter.bytes(of: trace), Bytes.trace),
        ] { #expect(text(bytes) == expected) }
    }

    @Test("Problem documents, the shortest and the longest")
    func problems() {
        let short = ProblemDocument(Problem(.notFound, "Nothing."), instance: "/v1/x", requestID: "r")
        #expect(text(JSONWriter.bytes(of: short)) == Bytes.problem)
        var problem = Problem(.contactOffline, "Gone.", ErrorCode(rawValue: 217), command: "CAL")
        problem.errors = [Problem.MemberError(pointer: "/a~1b", detail: "is wrong")]
        problem.moreErrors = 3
        problem.reason = "contactOffline"
        problem.partial = 5
        problem.missed = 9
        problem.oldest = "abcdefgh.9"
        problem.snapshot = "/v1/sessions/s/snapshot"
        let long = ProblemDocument(problem, instance: "/v1/ü", requestID: "r-1")
        #expect(text(JSONWriter.bytes(of: long)) == Bytes.longProblem)
    }

    @Test("Events of every kind but those of conversations, which have tests of their own")
    func events() throws {
        var record = SessionRecord(
            id: "s", account: "alice@example.com", backend: "b", createdAt: time,
            journal: Journal(sessionID: "s", epoch: "abcdefgh", limits: JournalLimits()))
        for event in try Self.facts() { record.apply(event, at: time, uptime: .zero) }
        let events = record.journal.read(after: 0, .everything, limit: 100).events.map(text)
        #expect(events == Bytes.events)
        let page = record.journal.read(after: 0, .everything, limit: 2)
        #expect(
            text(page.encoded(ended: true))
                == #"{"events":["# + Bytes.events.prefix(2).joined(separator: ",")
                + #"],"next":"abcdefgh.2","more":true,"ended":true}"#)
    }

    @Test("The file of keys, with a line for each member")
    func keys() throws {
        for text in [Bytes.noKeys, Bytes.keys] {
            #expect(self.text(try APIKeyList(parsing: Array(text.utf8)).encoded) == text)
        }
    }

    // MARK: - What is written

    private var fullSession: SessionResource {
        var session = session
        session.verified = true
        session.state = "reconnecting"
        session.reason = .connectionLost
        session.retryAt = Timestamp(milliseconds: 1_709_164_799_999)
        session.protocol = "MSNP6"
        session.lastReceivedAt = Timestamp(milliseconds: 0)
        return session
    }

    private var message: MessageResource {
        MessageResource(
            id: "abcdefgh.m1", conversationId: "abcdefgh.c1", text: "a\n\t\"b\" 😀", format: format, sentAt: time,
            clientRef: "ref", delivery: "failed", reason: .notDelivered, partial: 12)
    }

    private func conversation(absent: [ConversationResource.Absent]?) -> ConversationResource {
        ConversationResource(
            id: "abcdefgh.c1", participants: [.init(account: "bob@example.com", displayName: "Bob")], group: false,
            createdAt: time, lastMessageAt: absent == nil ? nil : time, absent: absent)
    }

    /// As `Session.snapshotBody` puts it together.
    private var snapshot: [UInt8] {
        let record = SessionRecord(
            id: "s", account: "alice@example.com", backend: "b", createdAt: time,
            journal: Journal(sessionID: "s", epoch: "abcdefgh", limits: JournalLimits()))
        return JSONWriter.joined(
            JSONWriter.bytes(of: JSONMember("contacts", record.contactBook.resources())),
            JSONWriter.bytes(of: SnapshotRest(record, session)))
    }

    private var trace: TraceRecord {
        TraceRecord(
            Frame("ILN", ["9", "AWY", "bob@example.com", "Bob%20B."]), .fromServer, WireConnection(.notification, 1),
            at: time)
    }

    /// What a server may say to a session that has bob on its forward list.
    static func facts() throws -> [SessionEvent] {
        func payload(_ type: String, _ body: String) -> MIMEPayload {
            MIMEPayload(parsing: Array("MIME-Version: 1.0\r\nContent-Type: \(type)\r\n\r\n\(body)".utf8))
        }
        func mail(_ type: String, _ body: String) throws -> SessionEvent {
            .mail(try #require(MailNotification(payload("text/x-msmsgs\(type)mailnotification", body))))
        }
        let alert = """
            <NOTIFICATION ver="1" id="2" siteid="45" siteurl="http://a.example/">\
            <TO pid="1" name="alice@example.com"/><MSG id="3"><ACTION url="go"/><SUBSCR url="s"/>\
            <BODY lang="1033" icon="i.png"><TEXT>T &amp; U</TEXT></BODY></MSG></NOTIFICATION>
            """
        let page = SentPage(id: RequestID(rawValue: 4), recipient: try Handle(validating: "bob@example.com"))
        return [
            .negotiated(.msnp6), .state(.signingIn),
            .signedIn(handle: "alice@example.com", displayName: "Alice / 1", verified: true),
            .profile(
                try #require(
                    Profile(
                        payload(
                            "text/x-msmsgsprofile; charset=UTF-8\r\nLoginTime: 1013928519\r\nEmailEnabled: 1\r\n"
                                + "MemberIdHigh: 84736\r\nMemberIdLow: -1434729391\r\nlang_preference: 1033\r\n"
                                + "preferredEmail: alice@example.com\r\ncountry: US\r\nPostalCode: 1\r\nGender: f\r\n"
                                + "Kid: 0\r\nAge: 22\r\nBDayPre: 4\r\nBirthday: 1\r\nWallet: 0\r\nFlags: 1027\r\n"
                                + "sid: 507\r\nkv: 4\r\nMSPAuth: secret", "")))),
            .listAdded(ListMember(handle: "bob@example.com", name: "Bob"), .forward, version: 2),
            .listAdded(ListMember(handle: "carol@example.com", name: "Carol"), .reverse, version: 3),
            .state(.online), .ownPresence(.online, forced: false),
            .presence(.away, handle: "bob@example.com", name: "Bobby"),
            .contactPhone(handle: "bob@example.com", .home, "1"), .ownPhone(.mobile, "2"),
            .privacy(.block), .addPrompt(.allowSilently),
            .listRemoved(handle: "bob@example.com", .forward, version: 4),
            .ownDisplayName("Al"),
            .systemMessage(
                try #require(SystemMessage(payload("application/x-msmsgssystemmessage", "Type: 1\r\nArg1: 5\r\n")))),
            try mail("initiale", "Inbox-Unread: 1\r\nFolders-Unread: 2\r\n"),
            try mail("e", "From: Carol\r\nFrom-Addr: carol@example.com\r\nSubject: Hi\r\nDest-Folder: ACTIVE\r\n"),
            try mail("active", "Src-Folder: ACTIVE\r\nDest-Folder: trAsH\r\nMessage-Delta: 1\r\n"),
            .alert(try #require(NotificationDocument(parsing: Array(alert.utf8)))),
            .page(from: nil, text: Redacted("Call me")), .page(from: "carol@example.com", text: Redacted("x")),
            .pageFailed(page, .refused(ErrorCode(rawValue: 800))), .pageFailed(page, .undelivered(code: 3)),
            .pageFailed(page, .undelivered(code: nil)),
            .reconnecting(.connectionLost, after: .milliseconds(1_500)), .ended(.signedInElsewhere),
        ]
    }
}
