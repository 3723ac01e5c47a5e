import MSNP

/// What is known of the account's unread mail, across connections.
///
/// Servers tell the counts once after a sign-in, and only if something is unread (docs/protocol.md#mail). So on a later
/// connection silence is an answer too: nothing was unread when it began.
struct Mailbox: Equatable, Sendable {
    /// Nil until the server has told anything.
    private(set) var counts: MailCounts?
    /// What the counts are if nothing was unread when the connection began; nil once that is decided.
    private var sinceReturn: MailCounts?
    /// The backend tells counts at all.
    private var tellsCounts = false

    /// Takes a notification into account; true when the counts are others than before, or known for the first time.
    mutating func apply(_ notification: MailNotification) -> Bool {
        let known = counts
        var changed = known ?? MailCounts()
        changed.apply(notification)
        counts = changed
        sinceReturn?.apply(notification)
        if case .status = notification {
            tellsCounts = true
            sinceReturn = nil
        }
        return counts != known
    }

    /// The connection is gone: the next one begins with what the server tells then.
    mutating func expectAnew() { sinceReturn = MailCounts() }

    /// The server has had its time to tell; true when its silence changed the counts.
    mutating func settle() -> Bool {
        defer { sinceReturn = nil }
        guard let sinceReturn, tellsCounts, sinceReturn != counts else { return false }
        counts = sinceReturn
        return true
    }
}

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

/// The unread mail as the API shows it.
struct MailCountsResource: JSONObject, Sendable, Equatable {
    let foldersUnread: UInt32
    let inboxUnread: UInt32

    init(_ counts: MailCounts) {
        foldersUnread = counts.foldersUnread
        inboxUnread = counts.inboxUnread
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("foldersUnread", foldersUnread)
        json.member("inboxUnread", inboxUnread)
    }
}
