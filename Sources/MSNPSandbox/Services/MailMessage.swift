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

/// The notification of a mail that has just come (docs/protocol.md#mail).
struct NewMailMessage: Sendable {
    /// Unread mails in the inbox, this one included.
    let number: UInt32
    let time: Int64

    /// Senders and subjects as real ones were encoded, the quotation marks where none belong included.
    private static let letters = [
        ("Example User", #"=?"us-ascii"?Q?Just saying hello.?="#, "user@mail.example"),
        ("=?utf-8?Q?Zo=C3=AB_M=C3=BCller?=", "=?utf-8?B?Q2Fmw6kgYXQgNT8g4piV?=", "zoe@mail.example"),
        ("Newsletter", "Your weekly news", "news@mail.example"),
        ("=?iso-8859-1?Q?Jos=E9?=", "=?iso-8859-1?Q?Ma=F1ana?=", "jose@mail.example"),
    ]

    func payload(_ dialect: Dialect) -> [UInt8] {
        let isNamed = dialect >= .msnp3
        let type =
            isNamed
            ? "text/x-msmsgsemailnotification; charset=UTF-8" : "application/x-msmsgsemailnotification"
        let (sender, subject, address) = Self.letters[Int(number % UInt32(Self.letters.count))]
        var lines = [
            "MIME-Version: 1.0", "Content-Type: \(type)", "",
            "From: \(sender)",
            "Message-URL: /cgi-bin/getmsg?msg=MSG\(time).\(number)&start=1&len=12&curmbox=ACTIVE",
            "Post-URL: \(World.loginURL(.english))",
            "Subject: \(subject)",
            "Dest-Folder: ACTIVE",
            "From-Addr: \(address)",
        ]
        // The Passport site came with MSNP3.
        if isNamed { lines.append("id: 2") }
        return Array((lines + ["", ""]).joined(separator: "\r\n").utf8)
    }
}

/// The notice that the server will go down (docs/protocol.md#system-messages).
struct MaintenanceMessage: Sendable {
    let minutes: Int

    var payload: [UInt8] {
        let lines = [
            "MIME-Version: 1.0", "Content-Type: application/x-msmsgssystemmessage", "", "Type: 1", "Arg1: \(minutes)",
            "", "",
        ]
        return Array(lines.joined(separator: "\r\n").utf8)
    }
}
