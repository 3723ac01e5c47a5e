import MSNP
import MSNPSandbox
import Testing

/// What the notification server tells unasked, on order.
@Suite struct NotificationFaultTests {
    private func mail(_ payload: String) -> MailNotification? {
        MailNotification(MIMEPayload(parsing: Array(payload.utf8)))
    }

    @Test("New mail is told and counted, with senders and subjects in every spelling", arguments: ["MSNP2", "MSNP6"])
    func mail(dialect: String) throws {
        let stage = Stage()
        let alice = try stage.signIn("alice", dialect)
        #expect(stage.order(.mail, "alice@example.com", count: 4))
        #expect(stage.take(alice).allSatisfy { $0.hasPrefix("MSG Hotmail Hotmail ") })
        let payloads = stage.takePayloads(alice)
        var letters: [NewMail] = []
        for payload in payloads {
            guard case .received(let letter) = try #require(mail(payload)) else { throw StageError("no new mail") }
            letters.append(letter)
        }
        #expect(Set(letters.map(\.subject)) == ["Just saying hello.", "Café at 5? ☕", "Your weekly news", "Mañana"])
        #expect(Set(letters.map(\.senderName)) == ["Example User", "Zoë Müller", "Newsletter", "José"])
        #expect(letters.allSatisfy { $0.folder == "ACTIVE" && $0.siteID == (dialect == "MSNP2" ? nil : 2) })
        #expect(payloads.contains { $0.contains(#"Subject: =?"us-ascii"?Q?Just saying hello.?="#) })
        _ = try stage.say("CHG 6 NLN", alice)
        guard case .status(let status) = stage.takePayloads(alice).first.flatMap(mail) else {
            throw StageError("no status")
        }
        #expect(status.inboxUnread == 6)
    }

    @Test("Mail waits for who isn't there")
    func waitingMail() throws {
        let stage = Stage()
        #expect(stage.order(.mail, "erin@example.com"))
        let erin = try stage.signIn("erin")
        _ = try stage.say("CHG 6 NLN", erin)
        guard case .status(let status) = stage.takePayloads(erin).first.flatMap(mail) else {
            throw StageError("no status")
        }
        #expect(status.inboxUnread == 1)
        #expect(stage.order(.mail))
        #expect(try stage.account("erin").unread == 2)
        #expect(try stage.account("bob").unread == 0)
    }

    @Test("Alerts, well-formed and not; nothing below MSNP5")
    func alerts() throws {
        let stage = Stage()
        let alice = try stage.signIn("alice")
        #expect(stage.order(.alert, count: 2))
        let payloads = stage.takePayloads(alice)
        let documents = payloads.compactMap { NotificationDocument(parsing: Array($0.utf8)) }
        #expect(documents.map(\.id) == [1, 2])
        #expect(
            documents.map(\.actionURL)
                == [1, 2].map {
                    "http://alerts.sandbox.example/alert?command=action&number=\($0)"
                        + "&notification_id=\($0)&message_id=0&agent=messenger"
                })
        #expect(documents.map(\.recipient) == ["alice@example.com", "alice@example.com"])
        #expect(documents[1].text == "This is alert number 2.")
        #expect(payloads[1].contains("action&number") && !payloads[0].contains("action&number"))
        _ = try stage.signIn("alice", "MSNP4")
        #expect(!stage.order(.alert, "alice@example.com"))
    }

    @Test("Pages from a contact's device, from nobody's, and nothing below MSNP6")
    func pages() throws {
        let stage = Stage()
        let alice = try stage.signIn("alice")
        #expect(stage.order(.page, "alice@example.com"))
        #expect(stage.take(alice).first?.hasPrefix("IPG ") == true)
        let erin = try stage.signIn("erin")
        #expect(stage.order(.page, "erin@example.com"))
        func page(_ id: ConnectionID) -> IncomingPage? {
            stage.takePayloads(id).first.flatMap { NotificationDocument(parsing: Array($0.utf8)) }
                .map(IncomingPage.init)
        }
        #expect(page(alice) == .message(from: "bob@example.com", text: "Hello from my phone."))
        #expect(page(erin) == .message(from: nil, text: "Hello from my phone."))
        _ = try stage.signIn("alice", "MSNP5")
        #expect(!stage.order(.page, "alice@example.com"))
    }

    @Test("A move to the same server", arguments: [("MSNP6", " 0"), ("MSNP2", "")])
    func refer(dialect: String, tail: String) throws {
        let stage = Stage()
        let alice = try stage.signIn("alice", dialect)
        #expect(stage.order(.refer, "alice@example.com"))
        #expect(stage.take(alice) == ["XFR 0 NS 10.0.0.5:1863\(tail)"])
        // The client closes, or is thrown out when it signs in anew.
        let again = try stage.signIn("alice", dialect)
        #expect(stage.take(alice) == ["OUT OTH", "* close"])
        #expect(try stage.say("PNG", again) == ["QNG"])
    }

    @Test("Maintenance is announced, and comes")
    func maintenance() throws {
        let stage = Stage { $0.limits.challengeTime = .seconds(3_600) }
        let alice = try stage.signIn("alice")
        let bob = try stage.signIn("bob")
        #expect(stage.order(.shutdown, "alice@example.com", count: 5))
        #expect(stage.order(.shutdown, "bob@example.com", count: 1))
        #expect(stage.take(alice) == ["MSG Hotmail Hotmail 90"])
        let notice = SystemMessage(MIMEPayload(parsing: Array(stage.takePayloads(alice)[0].utf8)))
        #expect(notice?.minutes == 5)
        _ = stage.take(bob)
        stage.wait(.seconds(60))
        #expect(stage.take(bob) == ["OUT SSD", "* close"])
        stage.wait(.seconds(239))
        #expect(stage.take(alice) == [])
        stage.wait(.seconds(1))
        #expect(stage.take(alice) == ["OUT SSD", "* close"])
    }

    @Test("Drop and silence reach an account's switchboards, and nobody else's")
    func switchboards() throws {
        let stage = Stage { $0.robot = nil }
        let bob = try stage.comeOnline("bob")
        let board = try stage.openRoom(stage.comeOnline("alice"), "alice")
        let bobs = try stage.call("bob", bob, from: board)
        let text = "MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\nx"
        #expect(stage.order(.stall, "bob@example.com"))
        #expect(try stage.say("MSG 2 A", payload: text, bobs) == [])
        #expect(try stage.say("MSG 3 A", payload: text, board) == ["ACK 3"])
        #expect(stage.take(bobs) == [])
        #expect(stage.order(.drop, "bob@example.com"))
        #expect(stage.take(bobs) == ["* drop"])
        #expect(stage.take(bob) == ["* drop"])
        #expect(stage.take(board) == ["BYE bob@example.com"])
        // A conversation is enough to be struck.
        let carol = try stage.comeOnline("carol")
        let carols = try stage.call("carol", carol, from: board)
        stage.disconnect(carol)
        #expect(stage.order(.drop, "carol@example.com"))
        #expect(stage.take(carols) == ["* drop"])
        #expect(!stage.order(.drop, "carol@example.com"))
    }
}
