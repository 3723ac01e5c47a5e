import MSNP

/// The notification of unread mail after the first `CHG` (docs/protocol.md#mail).
struct MailMessage: Sendable {
    let inboxUnread: UInt32

    func payload(_ dialect: Dialect) -> [UInt8] {
        let type =
            dialect >= .msnp3
            ? "text/x-msmsgsinitialemailnotification; charset=UTF-8" : "application/x-msmsgsemailnotification"
        let lines = [
            "MIME-Version: 1.0",
            "Content-Type: \(type)",
            "",
            "Inbox-Unread: \(inboxUnread)",
            "Folders-Unread: 0",
            "Inbox-URL: /cgi-bin/HoTMaiL",
            "Folders-URL: /cgi-bin/folders",
            "Post-URL: \(World.loginURL(.english))",
            "",
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }
}
