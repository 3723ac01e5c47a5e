import MSNP
import Testing

@testable import Gateway

@Suite struct MailboxTests {
    private func notification(_ type: String, _ body: String) throws -> MailNotification {
        try #require(MailNotification(MIMEPayload(parsing: Array("Content-Type: text/\(type)\r\n\r\n\(body)".utf8))))
    }

    private func status(_ inbox: Int, _ folders: Int) throws -> MailNotification {
        try notification(
            "x-msmsgsinitialemailnotification", "Inbox-Unread: \(inbox)\r\nFolders-Unread: \(folders)\r\n")
    }

    private func mail() throws -> MailNotification {
        try notification("x-msmsgsemailnotification", "From: A\r\nDest-Folder: ACTIVE\r\n")
    }

    @Test("Nothing is known before something is told, and what repeats itself is no news")
    func firstWord() throws {
        var mailbox = Mailbox()
        #expect(mailbox.counts == nil)
        let news1 = mailbox.apply(try status(0, 0))
        #expect(news1, "known for the first time")
        let news2 = mailbox.apply(try status(0, 0))
        #expect(!news2)
        let news3 = mailbox.apply(try status(2, 1))
        #expect(news3)
        #expect(mailbox.counts?.inboxUnread == 2)
        let news4 = mailbox.settle()
        #expect(!news4, "nobody has been away")
    }

    @Test("After a return, silence says that nothing was unread, but for what came since")
    func silence() throws {
        var mailbox = Mailbox()
        _ = mailbox.apply(try status(5, 3))
        mailbox.expectAnew()
        _ = mailbox.apply(try mail())
        #expect(mailbox.counts?.inboxUnread == 6, "until the server has had its time")
        let news5 = mailbox.settle()
        #expect(news5)
        #expect(mailbox.counts?.inboxUnread == 1)
        #expect(mailbox.counts?.foldersUnread == 0)
        let news6 = mailbox.settle()
        #expect(!news6)
    }

    @Test("After a return, a status is the answer")
    func told() throws {
        var mailbox = Mailbox()
        _ = mailbox.apply(try status(5, 3))
        mailbox.expectAnew()
        let news7 = mailbox.apply(try status(5, 3))
        #expect(!news7)
        let news8 = mailbox.settle()
        #expect(!news8)
        #expect(mailbox.counts?.inboxUnread == 5)
    }

    @Test("Of a server that never tells counts, silence means nothing")
    func speechless() throws {
        var mailbox = Mailbox()
        _ = mailbox.apply(try mail())
        mailbox.expectAnew()
        let news9 = mailbox.settle()
        #expect(!news9)
        #expect(mailbox.counts?.inboxUnread == 1)
    }
}
