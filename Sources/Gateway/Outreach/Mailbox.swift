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
