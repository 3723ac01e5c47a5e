import MSNP

extension SessionRecord {
    /// Counts what was told of mail, and tells it.
    mutating func apply(_ notification: MailNotification, _ now: Timestamp) {
        let isNews = mailbox.apply(notification)
        guard let counts = mailbox.counts else { return }
        switch notification {
        case .status: if isNews { append(.mailStatus, EventData.MailCounts(counts), now) }
        case .received(let mail):
            append(.mailReceived, EventData.MailReceived(mail, counts, from: mail.senderAddress.map(account)), now)
        case .changed(let change): append(.mailChanged, EventData.MailChanged(change, counts), now)
        }
    }

    /// The server has had its time to tell of mail on a new connection.
    mutating func settleMail(_ now: Timestamp) {
        guard mailbox.settle(), let counts = mailbox.counts else { return }
        append(.mailStatus, EventData.MailCounts(counts), now)
    }
}
