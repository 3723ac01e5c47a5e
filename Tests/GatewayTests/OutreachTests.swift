import Foundation
import HTTPFront
import MSNP
import MSNPClient
import TestSupport
import Testing

@testable import Gateway

/// Mail, alerts, pages, the directory and invitations by mail, as HTTP shows them.
@Suite(.timeLimit(.minutes(5))) struct OutreachTests {
    /// alice, signed in at a server whose bob takes pages and whose carol takes none.
    private struct Fixture {
        let server: ScriptedServer
        let gateway: GatewayHarness
        let id: String
        let token: String

        var path: String { "/v1/sessions/\(id)" }

        func post(_ path: String, _ json: String) async -> TestAnswer {
            await gateway.call("POST", self.path + path, token: token, json: json)
        }

        /// The events of some types; a command that is answered stands behind all that the server said before it.
        func data(_ types: String) async throws -> [String] {
            let fence = await gateway.call("GET", path + "/services/inbox", token: token)
            try #require(fence.status == 200, "\(fence.text)")
            let page = await gateway.call(
                "GET", path + "/events?after=oldest&wait=0&limit=500&types=\(types)", token: token)
            try #require(page.status == 200, "\(page.text)")
            return page.text.split(separator: #"{"data":"#).dropFirst().map { part in
                String(part[..<(part.range(of: #","id":"#, options: .backwards)?.lowerBound ?? part.endIndex)])
            }
        }

        func snapshot() async -> TestAnswer { await gateway.call("GET", path + "/snapshot", token: token) }

        /// What reached the server under a command.
        func sent(_ command: String) -> [String] {
            server.received.all.map(\.text).filter { $0.hasPrefix(command + " ") }
        }

        func say(_ command: String, _ payload: String) {
            server.send(Array("\(command) \(payload.utf8.count)\r\n\(payload)".utf8))
        }

        func mail(_ type: String, _ lines: String...) {
            say(
                "MSG Hotmail Hotmail",
                "MIME-Version: 1.0\r\nContent-Type: \(type); charset=UTF-8\r\n\r\n"
                    + lines.map { $0 + "\r\n" }.joined() + "\r\n")
        }

        func stop() async throws {
            try await gateway.stop()
            try await server.stop()
        }
    }

    private static let initial = "text/x-msmsgsinitialemailnotification"
    private static let new = "text/x-msmsgsemailnotification"
    private static let moved = "text/x-msmsgsactivemailnotification"

    private func signIn(
        dialect: String = "MSNP6", _ backend: (inout BackendConfiguration) -> Void = { _ in },
        _ change: (inout Script) -> Void = { _ in }
    ) async throws -> Fixture {
        var script = Script.friendly
        script.answer("VER", "VER # \(dialect)")
        script.answer(
            "SYN", "SYN # 3", "LST # FL 3 1 2 bob@example.com Bob", "BPR 3 bob@example.com MOB Y",
            "LST # FL 3 2 2 carol@example.com Carol", "LST # AL 3 1 1 dora@example.com Dora", "LST # BL 3 0 0",
            "LST # RL 3 0 0")
        change(&script)
        let server = try await ScriptedServer.start(script)
        let gateway = try GatewayHarness.with(server) {
            $0.timeouts.pageRefusal = .milliseconds(100)
            $0.timeouts.presenceSettling = .milliseconds(1)
            $0.timeouts.backoff.base = .milliseconds(1)
            $0.timeouts.backoff.longest = .milliseconds(1)
            backend(&$0)
        }
        let answer = await gateway.call(
            "POST", "/v1/sessions", json: #"{"account":"alice@example.com","password":"correct horse"}"#)
        try #require(answer.status == 201, "\(answer.text)")
        return Fixture(
            server: server, gateway: gateway, id: try answer.string("session", "id"),
            token: try answer.string("token"))
    }

    // MARK: - Events

    @Test("mail.status, mail.received and mail.changed, and mail in the snapshot")
    func mail() async throws {
        let fixture = try await signIn()
        #expect(await fixture.snapshot().value("mail") == nil, "the server has told nothing")
        fixture.mail(Self.initial, "Inbox-Unread: 1", "Folders-Unread: 2", "Inbox-URL: /cgi-bin/HoTMaiL")
        fixture.mail(Self.initial, "Inbox-Unread: 1", "Folders-Unread: 2")
        fixture.mail(
            Self.new, "From: =?utf-8?B?Wm/Dqw==?=", #"Subject: =?"us-ascii"?Q?Just saying hello.?="#,
            "Dest-Folder: ACTIVE", "From-Addr: zoe@example.com", "id: 2")
        fixture.mail(Self.new, "From-Addr: list@example.com", "Dest-Folder: Lists")
        fixture.mail(Self.moved, "Src-Folder: ACTIVE", "Dest-Folder: trAsH", "Message-Delta: 2")
        fixture.mail(Self.moved, "Src-Folder: ACTIVE", "Dest-Folder: ACTIVE", "Message-Delta: 9")
        #expect(try await fixture.data("mail.status") == [#"{"foldersUnread":2,"inboxUnread":1}"#])
        #expect(
            try await fixture.data("mail.received") == [
                #"{"displayName":"Zoë","folder":"ACTIVE","foldersUnread":2,"from":"zoe@example.com","#
                    + #""inboxUnread":2,"subject":"Just saying hello."}"#,
                #"{"folder":"Lists","foldersUnread":3,"from":"list@example.com","inboxUnread":2}"#,
            ])
        #expect(
            try await fixture.data("mail.changed") == [
                #"{"count":2,"destinationFolder":"trAsH","foldersUnread":3,"inboxUnread":0,"sourceFolder":"ACTIVE"}"#,
                #"{"count":9,"destinationFolder":"ACTIVE","foldersUnread":3,"inboxUnread":0,"sourceFolder":"ACTIVE"}"#,
            ])
        #expect(
            await fixture.snapshot().value("mail")
                == .object(["inboxUnread": .number(0), "foldersUnread": .number(3)]))
        try await fixture.stop()
    }

    @Test("Mail that was read while the session was away is no longer unread")
    func awayFromMail() async throws {
        let fixture = try await signIn()
        fixture.mail(Self.initial, "Inbox-Unread: 4", "Folders-Unread: 0")
        _ = try await fixture.data("mail.*")
        fixture.server.say("OUT SSD")
        // The first of them may be all that is there yet.
        var counts: [JSONValue?] = []
        while counts.count < 2 {
            let page = await fixture.gateway.call(
                "GET", fixture.path + "/events?after=oldest&wait=0&types=mail.status", token: fixture.token)
            counts = page.events.map { $0["data"] }
            await Task.yield()
        }
        func unread(_ inbox: Double) -> JSONValue {
            .object(["inboxUnread": .number(inbox), "foldersUnread": .number(0)])
        }
        #expect(counts == [unread(4), unread(0)])
        try await fixture.stop()
    }

    @Test("alert.received, page.received and server.notice")
    func alerts() async throws {
        let fixture = try await signIn()
        fixture.say(
            "NOT",
            """
            <NOTIFICATION ver="1" id="2" siteid="0" siteurl="http://alerts.example.com/">
            <TO pid="0x00000001:0x00000002" name="alice@example.com"/>
            <MSG id="0"><ACTION url="alert?a=1&b=2"/><SUBSCR url="javascript:alert(1)"/>
            <BODY lang="1033" icon="icon.png"><TEXT>Tea &amp; cake</TEXT></BODY></MSG></NOTIFICATION>
            """)
        fixture.say(
            "NOT", #"<NOTIFICATION siteid="x" siteurl="javascript:"><MSG><ACTION url="/y"/></MSG></NOTIFICATION>"#)
        fixture.say("NOT", "<NOTIFICATION><MSG>")
        fixture.say(
            "IPG",
            #"<NOTIFICATION id="0"><FROM name="bob@example.com"/><MSG><BODY><TEXT>Hello</TEXT></BODY></MSG></NOTIFICATION>"#
        )
        fixture.say("IPG", "<NOTIFICATION id='0'><MSG><BODY><TEXT>Who?</TEXT></BODY></MSG></NOTIFICATION>")
        fixture.mail("application/x-msmsgssystemmessage", "Type: 1", "Arg1: 5")
        #expect(
            try await fixture.data("alert.*") == [
                #"{"actionUrl":"http://alerts.example.com/alert?a=1&b=2&notification_id=2&message_id=0&agent=messenger","#
                    + #""iconUrl":"http://alerts.example.com/icon.png","id":2,"language":1033,"siteId":0,"#
                    // Joined to the site's URL, it is a page of the site and no script.
                    + #""subscriptionUrl":"http://alerts.example.com/javascript:alert(1)?notification_id=2&message_id=0"#
                    + #"&agent=messenger","text":"Tea & cake"}"#,
                #"{"id":0,"text":""}"#,
            ])
        #expect(
            try await fixture.data("page.received") == [
                #"{"from":"bob@example.com","text":"Hello"}"#, #"{"text":"Who?"}"#,
            ])
        #expect(try await fixture.data("server.notice") == [#"{"kind":"maintenance","minutes":5}"#])
        try await fixture.stop()
    }

    @Test("Nothing of mail, alerts, pages, searches and invitations is logged")
    func log() async throws {
        let fixture = try await signIn(
            { _ in },
            {
                $0.answer("FND", "FND # 1 1 fname=Hushhush city=Hushhush")
                $0.answer("SDC", "SDC # OK")
            })
        fixture.mail(Self.new, "From: Hushhush", "Subject: Hushhush", "From-Addr: hushhush@example.com")
        for command in ["NOT", "IPG"] {
            fixture.say(
                command,
                "<NOTIFICATION siteurl='http://hushhush.example'><FROM name='hushhush'/>"
                    + "<MSG><ACTION url='hushhush'/><BODY><TEXT>Hushhush</TEXT></BODY></MSG></NOTIFICATION>")
            fixture.say(command, "<hushhush")
        }
        #expect(try await fixture.data("mail.*,alert.*,page.*").count == 3)
        #expect(await fixture.post("/pages", #"{"to":"bob@example.com","text":"Hushhush"}"#).status == 202)
        let invitation = await fixture.post("/invitations", #"{"email":"hushhush@example.com","text":"Hushhush"}"#)
        #expect(invitation.status == 202)
        let search = await fixture.post(
            "/directory/search", #"{"firstName":"Hushhush","lastName":"Hushhush","country":"US"}"#)
        #expect(search.status == 200)
        try await fixture.stop()
        let log = fixture.gateway.log.lines.all
        #expect(log.contains { $0.contains("ignored") }, "the log is one")
        #expect(!log.contains { $0.lowercased().contains("hushhush") })
    }

    // MARK: - The directory

    @Test("A search answers with people, or with nobody")
    func search() async throws {
        let fixture = try await signIn(
            { _ in },
            {
                $0.answer(
                    "FND", "FND # 1 2 fname=Another lname=User city=New%20York state=NY country=US",
                    "FND # 2 2 FNAME=A%0D%0Ab State=OK")
            })
        let found = await fixture.post(
            "/directory/search", #"{"firstName":"Another","lastName":"Üser","state":"NY","country":"us"}"#)
        #expect(found.status == 200)
        #expect(
            found.text == #"{"people":[{"city":"New York","country":"US","firstName":"Another","lastName":"User","#
                + #""state":"NY"},{"firstName":"A\#u{FFFD}\#u{FFFD}b","state":"OK"}]}"#)
        #expect(
            fixture.sent("FND").first?.hasSuffix("fname=Another lname=%C3%9Cser city=* state=NY country=US") == true)
        fixture.server.change { $0.answer("FND", "FND # 0 0") }
        let nobody = await fixture.post(
            "/directory/search", #"{"firstName":"A","lastName":"B","city":"*","country":"DE"}"#)
        #expect(nobody.text == #"{"people":[]}"#)
        fixture.server.change { $0.answer("FND", "301 #") }
        let many = await fixture.post("/directory/search", #"{"firstName":"A","lastName":"B","country":"DE"}"#)
        #expect(many.status == 502)
        #expect(many.code == "backend-error")
        #expect(many.value("msnp", "code") == .number(301))
        #expect(many.value("msnp", "command") == .string("FND"))
        try await fixture.stop()
    }

    @Test(
        "What is wrong with a search is said by member, and nothing is sent",
        arguments: [
            (#"{}"#, ["/firstName", "/lastName", "/country"]),
            (#"{"firstName":"*","lastName":"*","country":"US"}"#, ["/firstName", "/lastName"]),
            (#"{"firstName":"","lastName":"a\nb","country":"US","city":1}"#, ["/firstName", "/lastName", "/city"]),
            (#"{"firstName":"A","lastName":"B","country":"USA"}"#, ["/country"]),
            (#"{"firstName":"A","lastName":"B","country":"DE","city":"Ulm","state":"*"}"#, ["/city"]),
            (#"{"firstName":"A","lastName":"B","country":"US","email":"x"}"#, ["/email"]),
        ])
    func invalidSearch(body: String, pointers: [String]) async throws {
        let fixture = try await signIn()
        let answer = await fixture.post("/directory/search", body)
        #expect(answer.status == 400)
        #expect(answer.pointers == pointers)
        #expect(fixture.sent("FND").isEmpty)
        try await fixture.stop()
    }

    // MARK: - Invitations

    @Test("An invitation goes out in the account's language and under its name")
    func invite() async throws {
        let fixture = try await signIn({ _ in }, { $0.answer("SDC", "SDC # OK") })
        let profile = "Content-Type: text/x-msmsgsprofile; charset=UTF-8\r\nlang_preference: 1031\r\n\r\n"
        fixture.say("MSG Hotmail Hotmail", profile)
        _ = try await fixture.data("session.updated")
        let sent = await fixture.post("/invitations", #"{"email":"newbie@example.com","text":"Join\nme!"}"#)
        #expect(sent.status == 202)
        #expect(sent.text.isEmpty)
        #expect(fixture.sent("SDC").first?.hasSuffix(" newbie@example.com 0x0407 MSMSGS MSMSGS X X Alice") == true)
        fixture.server.change { $0.answer("SDC", "503 #") }
        let refused = await fixture.post("/invitations", #"{"email":"newbie@example.com"}"#)
        #expect(refused.status == 502)
        #expect(refused.value("msnp", "command") == .string("SDC"))
        let long = String(repeating: "x", count: MailInvitation.longestText + 1)
        for (body, pointer) in [
            (#"{"email":"newbie"}"#, "/email"), (#"{"email":"a b@c"}"#, "/email"), ("{}", "/email"),
            (#"{"email":"a@b","text":""}"#, "/text"), (#"{"email":"a@b","text":"a\u0000"}"#, "/text"),
            (#"{"email":"a@b","text":"\#(long)"}"#, "/text"), (#"{"email":"a@b","lang":1}"#, "/lang"),
        ] {
            let answer = await fixture.post("/invitations", body)
            #expect(answer.status == 400)
            #expect(answer.pointers == [pointer])
        }
        #expect(fixture.sent("SDC").count == 2)
        try await fixture.stop()
    }

    @Test("Below MSNP5 an invitation is SND and has no text, and there are no pages")
    func olderDialect() async throws {
        let fixture = try await signIn(dialect: "MSNP4", { _ in }, { $0.answer("SND", "SND # OK") })
        #expect(await fixture.post("/invitations", #"{"email":"newbie@example.com"}"#).status == 202)
        #expect(fixture.sent("SND").first?.hasSuffix(" newbie@example.com 0x0409 MSMSGS MSMSGS") == true)
        let text = await fixture.post("/invitations", #"{"email":"newbie@example.com","text":"Hi"}"#)
        #expect(text.status == 409)
        #expect(text.code == "service-unavailable-in-dialect")
        let page = await fixture.post("/pages", #"{"to":"bob@example.com","text":"Hi"}"#)
        #expect(page.status == 409)
        #expect(page.code == "service-unavailable-in-dialect")
        #expect(fixture.sent("SND").count == 1)
        #expect(fixture.sent("PAG").isEmpty && fixture.sent("SDC").isEmpty)
        try await fixture.stop()
    }

    // MARK: - Pages

    @Test("A page is accepted by silence, and its failure told later")
    func page() async throws {
        let payloads = Recorder<String>()
        let fixture = try await signIn(
            { _ in },
            {
                $0.answers["PAG"] = { frame in
                    payloads.record(String(decoding: frame.payload ?? [], as: UTF8.self))
                    return []
                }
            })
        let sent = await fixture.post(
            "/pages",
            #"{"to":"BOB@example.com","text":"1 < 2;","callback":{"place":"work","number":"1 (555) 111-4444"}}"#)
        #expect(sent.status == 202)
        let id = try sent.string("page", "id")
        #expect(sent.text == #"{"page":{"id":"\#(id)","to":"bob@example.com"}}"#)
        #expect(
            payloads.all == [
                #"<PHONE pri="1"><LOC>WORK</LOC><NUM>15551114444</NUM></PHONE>"#
                    + #"<TEXT xml:space="preserve">1 &#x3C; 2&#x3B;</TEXT>"#
            ])
        let first = try #require(fixture.sent("PAG").first?.split(separator: " "))
        #expect(first[2] == "bob@example.com", "in the server's spelling")
        fixture.say(
            "IPG", "<NOTIFICATION id='\(first[1])'><MSG id='407'><BODY><TEXT></TEXT></BODY></MSG></NOTIFICATION>")
        let late = await fixture.post("/pages", #"{"to":"bob@example.com","text":"again"}"#)
        let second = try #require(fixture.sent("PAG").last?.split(separator: " "))
        fixture.server.say("220 \(second[1])")
        #expect(
            try await fixture.data("page.failed") == [
                #"{"code":407,"pageId":"\#(id)","to":"bob@example.com"}"#,
                #"{"msnp":{"code":220,"command":"PAG","name":"NOT_ACCEPTING_PAGES"},"pageId":""#
                    + #"\#(try late.string("page", "id"))","to":"bob@example.com"}"#,
            ])
        try await fixture.stop()
    }

    @Test(
        "What the server says to a page at once",
        arguments: [
            ("800 #", 429, "rate-limited", 800), ("220 #", 409, "service-unavailable", 220),
            ("606 #", 502, "backend-error", 606),
        ])
    func refusedPage(line: String, status: Int, code: String, msnp: Int) async throws {
        let fixture = try await signIn({ $0.timeouts.pageRefusal = .seconds(50) }, { $0.answer("PAG", line) })
        let answer = await fixture.post("/pages", #"{"to":"bob@example.com","text":"Hi"}"#)
        #expect(answer.status == status)
        #expect(answer.code == code)
        #expect(answer.value("msnp", "code") == .number(Double(msnp)))
        #expect(answer.value("msnp", "command") == .string("PAG"))
        try await fixture.stop()
    }

    @Test("A failure that comes at once is the answer and no event")
    func failedAtOnce() async throws {
        let fixture = try await signIn(
            { $0.timeouts.pageRefusal = .seconds(50) },
            {
                $0.answers["PAG"] = { frame in
                    let document = "<NOTIFICATION id='\(frame.parameters[0])'><MSG id='407'/></NOTIFICATION>"
                    return [.raw(Array("IPG \(document.utf8.count)\r\n\(document)".utf8))]
                }
            })
        let answer = await fixture.post("/pages", #"{"to":"bob@example.com","text":"Hi"}"#)
        #expect(answer.status == 502)
        #expect(answer.code == "backend-error")
        #expect(try answer.string("detail").contains("407"))
        #expect(try await fixture.data("page.failed").isEmpty)
        try await fixture.stop()
    }

    @Test(
        "Pages go to people on the forward list who take them, and to nobody else",
        arguments: [
            ("carol@example.com", 409, "service-unavailable"), ("dora@example.com", 404, "contact-not-found"),
            ("mallory@example.com", 404, "contact-not-found"), ("alice@example.com", 404, "contact-not-found"),
        ])
    func unpageable(account: String, status: Int, code: String) async throws {
        let fixture = try await signIn()
        let answer = await fixture.post("/pages", #"{"to":"\#(account)","text":"Hi"}"#)
        #expect(answer.status == status)
        #expect(answer.code == code)
        #expect(fixture.sent("PAG").isEmpty)
        try await fixture.stop()
    }

    @Test(
        "What is wrong with a page is said by member",
        arguments: [
            (#"{}"#, ["/to", "/text"]), (#"{"to":"bob","text":""}"#, ["/to", "/text"]),
            (#"{"to":"bob@example.com","text":"\#(String(repeating: "x", count: 114))"}"#, ["/text"]),
            (#"{"to":"bob@example.com","text":"\u0007"}"#, ["/text"]),
            (#"{"to":"bob@example.com","text":"x","callback":5}"#, ["/callback"]),
            (#"{"to":"bob@example.com","text":"x","callback":{}}"#, ["/callback/number", "/callback/place"]),
            (
                #"{"to":"bob@example.com","text":"x","callback":{"place":"HOME","number":"1"}}"#,
                ["/callback/place"]
            ),
            (
                #"{"to":"bob@example.com","text":"x","callback":{"place":"home","number":"0800-CALL","a":1}}"#,
                ["/callback/number", "/callback/a"]
            ),
        ])
    func invalidPage(body: String, pointers: [String]) async throws {
        let fixture = try await signIn()
        let answer = await fixture.post("/pages", body)
        #expect(answer.status == 400)
        #expect(answer.pointers == pointers)
        #expect(fixture.sent("PAG").isEmpty)
        try await fixture.stop()
    }

    @Test("In the sandbox the robot takes pages, and others don't")
    func sandboxPage() async throws {
        func page(_ account: String, _ time: Duration) async throws -> TestAnswer {
            let harness = try await GatewayHarness.withSandbox(
                server: { _ in }, backend: { $0.timeouts.pageRefusal = time })
            let alice = try await harness.signIn("alice@example.com")
            let answer = await harness.call(
                "POST", "/v1/sessions/\(alice.id)/pages", token: alice.token,
                json: #"{"to":"\#(account)","text":"Hi"}"#)
            try await harness.stop()
            return answer
        }
        // Who is taken hears nothing for that time; who is refused hears it before the time is up, on a busy machine too.
        let taken = try await page("echo@example.com", .milliseconds(100))
        #expect(taken.status == 202, "\(taken.text)")
        #expect(try await page("bob@example.com", .seconds(50)).code == "service-unavailable")
    }

    // MARK: - Backends that lack it, and sessions that can't ask

    private static let calls = [
        ("/directory/search", #"{"firstName":"A","lastName":"B","country":"US"}"#, "FND"),
        ("/invitations", #"{"email":"newbie@example.com"}"#, "SDC"),
        ("/pages", #"{"to":"carol@example.com","text":"Hi"}"#, "PAG"),
    ]

    @Test("What a backend is known to lack is 501 and not sent", arguments: calls)
    func lacking(path: String, body: String, command: String) async throws {
        let fixture = try await signIn({
            $0.quirks = [.lacks(.directory), .lacks(.namedInvitation), .lacks(.page)]
        })
        let answer = await fixture.post(path, body)
        #expect(answer.status == 501)
        #expect(answer.code == "not-supported-by-backend")
        #expect(try answer.string("detail").contains(command))
        #expect(fixture.sent(command).isEmpty)
        try await fixture.stop()
    }

    @Test("A server that does not answer is 504, one that is away 503, and an ended session 409", arguments: calls)
    func unanswered(path: String, body: String, command: String) async throws {
        let fixture = try await signIn({
            $0.timeouts.backoff.base = .seconds(100)
            $0.timeouts.backoff.longest = .seconds(100)
        })
        // Silence is how pages are accepted.
        if command != "PAG" {
            let silent = try await fixture.gateway.unanswered(
                "POST", fixture.path + path, token: fixture.token, session: fixture.id, json: body, command: command,
                fixture.server)
            #expect(silent.status == 504)
            #expect(try silent.string("detail").contains(command))
        }
        fixture.server.say("OUT SSD")
        var away = await fixture.gateway.call("GET", fixture.path, token: fixture.token)
        while away.value("state") == .string("online") {
            await Task.yield()
            away = await fixture.gateway.call("GET", fixture.path, token: fixture.token)
        }
        let answer = await fixture.post(path, body)
        #expect(answer.status == 503)
        #expect(answer.code == "reconnecting")
        #expect(answer.header("Retry-After") != nil)
        #expect(await fixture.gateway.call("DELETE", fixture.path, token: fixture.token).status == 204)
        let ended = await fixture.post(path, body)
        #expect(ended.status == 409)
        #expect(ended.code == "session-ended")
        try await fixture.stop()
    }

    @Test("What may have gone out when the connection was lost does not go out again under the same key")
    func outcomeUnknown() async throws {
        let fixture = try await signIn({ _ in }, { $0.ignore("SDC") })
        let key: HeaderFields = [("Idempotency-Key", "k")]
        let body = Array(#"{"email":"newbie@example.com"}"#.utf8)
        let path = fixture.path + "/invitations"
        let first = fixture.gateway.begin("POST", path, token: fixture.token, body: body, headers: key)
        try await fixture.server.received.first { $0.text.hasPrefix("SDC ") }
        fixture.server.reset()
        let lost = await first.answer()
        #expect(lost.status == 409)
        #expect(lost.code == "outcome-unknown")
        let again = await fixture.gateway.begin("POST", path, token: fixture.token, body: body, headers: key).answer()
        #expect(again.code == "outcome-unknown")
        #expect(again.header("Idempotency-Replayed") == "true")
        #expect(fixture.sent("SDC").count == 1)
        try await fixture.stop()
    }

    @Test("A server that closes on the command twice loses the calls and is not sent it again", arguments: calls)
    func punishing(path: String, body: String, command: String) async throws {
        let fixture = try await signIn({ _ in }, { $0.close(on: command) })
        // Somebody who takes pages.
        let body = body.split(separator: "carol").joined(separator: "bob")
        for count in 1...2 {
            var lost = await fixture.post(path, body)
            while fixture.sent(command).count < count { lost = await fixture.post(path, body) }
            // A search is as good as not asked; whether the others were done nobody can tell.
            #expect(lost.status == (command == "FND" ? 503 : 409), "\(lost.text)")
            #expect(lost.code == (command == "FND" ? "reconnecting" : "outcome-unknown"))
        }
        var again = await fixture.post(path, body)
        while again.code == "reconnecting" { again = await fixture.post(path, body) }
        #expect(again.status == 501)
        #expect(fixture.sent(command).count == 2)
        try await fixture.stop()
    }
}

extension TestAnswer {
    /// Where the body was wrong.
    fileprivate var pointers: [String] {
        guard case .array(let errors) = value("errors") else { return [] }
        return errors.compactMap { $0["pointer"]?.text }
    }
}
