import ByteText
import MSNP
import Testing

@Suite struct MailNotificationTests {
    private func notification(_ transcript: Transcript) throws -> MailNotification {
        let command = try #require(transcript.commands.first)
        return try #require(MailNotification(MIMEPayload(parsing: command.payload)))
    }

    private func notification(_ type: String, _ body: String) -> MailNotification? {
        MailNotification(MIMEPayload(parsing: Array("Content-Type: \(type)\r\n\r\n\(body)".utf8)))
    }

    @Test("How much there is")
    func status() throws {
        guard case .status(let status) = try notification(.initialMail) else {
            Issue.record("no status")
            return
        }
        #expect(status.inboxUnread == 1)
        #expect(status.foldersUnread == 0)
        #expect(status.inboxURL == "/cgi-bin/HoTMaiL")
        #expect(status.foldersURL == "/cgi-bin/folders")
        #expect(status.postURL == "http://www.hotmail.example")
    }

    @Test("New mail")
    func received() throws {
        guard case .received(let mail) = try notification(.newMail) else {
            Issue.record("no mail")
            return
        }
        #expect(mail.senderName == "Example User")
        #expect(mail.senderAddress == "example@hotmail.com")
        #expect(mail.subject == "Just saying hello.")
        #expect(mail.folder == MailCounts.inbox)
        #expect(mail.messageURL == "/cgi-bin/getmsg?msg=MSG1728932553.00&start=1&len=12&curmbox=ACTIVE")
        #expect(mail.postURL == "https://loginnet.passport.example/ppsecure/md5auth.srf?lc=1033")
        #expect(mail.siteID == 2)
        #expect("\(mail)" == "NewMail")
    }

    @Test("Mail that moved, and what becomes of the counts")
    func counts() throws {
        var counts = MailCounts()
        counts.apply(try notification(.initialMail))
        #expect(counts.inboxUnread == 1)
        counts.apply(try notification(.newMail))
        #expect(counts.inboxUnread == 2)
        counts.apply(try notification(.movedMail))
        #expect(counts.inboxUnread == 1)
        counts.apply(.changed(MailChange(source: "TRASH", destination: MailCounts.inbox, count: 2)))
        #expect(counts.inboxUnread == 3)
        counts.apply(.changed(MailChange(source: MailCounts.inbox, destination: "TRASH", count: 5)))
        #expect(counts.inboxUnread == 0)
        counts.apply(.changed(MailChange(source: "TRASH", destination: MailCounts.inbox, count: .max)))
        counts.apply(.changed(MailChange(source: "TRASH", destination: MailCounts.inbox, count: 1)))
        #expect(counts.inboxUnread == .max)
        #expect(counts.foldersUnread == 0)
        counts.apply(.changed(MailChange(source: "A", destination: "B", count: 1)))
        counts.apply(.changed(MailChange(source: "A", destination: "A", count: 1)))
        #expect(counts.foldersUnread == 0)
        let elsewhere = try #require(notification("text/x-msmsgsemailnotification", "From: x\r\nDest-Folder: A"))
        counts.apply(elsewhere)
        #expect(counts.foldersUnread == 1)
    }

    @Test("The names of MSNP2, and what is nothing")
    func others() {
        let old = "application/x-msmsgsemailnotification"
        if case .status = notification(old, "Inbox-Unread: 3\r\n") {} else { Issue.record("no status") }
        if case .received = notification(old, "Subject: hi\r\n") {} else { Issue.record("no mail") }
        #expect(notification(old, "") == nil)
        #expect(notification("text/plain", "Inbox-Unread: 3") == nil)
        #expect(notification("text/x-msmsgsinitialemailnotification", "Inbox-Unread: -1") == nil)
        #expect(notification("text/x-msmsgsactivemailnotification", "Src-Folder: A\r\nDest-Folder: B") == nil)
    }
}
