import MSNP

extension SessionRecord {
    /// What is told from here.
    static let mailKinds: [any EventKind.Type] = [
        MailStatusEvent.self, MailReceivedEvent.self, MailChangedEvent.self,
    ]

    /// Counts what was told of mail, and tells it.
    mutating func apply(_ notification: MailNotification, _ now: Timestamp) {
        let isNews = mailbox.apply(notification)
        guard let counts = mailbox.counts else { return }
        switch notification {
        case .status: if isNews { append(MailStatusEvent(counts: MailCountsResource(counts)), now) }
        case .received(let mail):
            append(MailReceivedEvent(from: mail.senderAddress.map(account), mail: mail, counts: counts), now)
        case .changed(let change): append(MailChangedEvent(change: change, counts: counts), now)
        }
    }

    /// The server has had its time to tell of mail on a new connection.
    mutating func settleMail(_ now: Timestamp) {
        guard mailbox.settle(), let counts = mailbox.counts else { return }
        append(MailStatusEvent(counts: MailCountsResource(counts)), now)
    }
}
