import MSNP

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
