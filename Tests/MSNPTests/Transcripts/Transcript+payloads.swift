// What the notification server sends in payloads, and web services.

extension Transcript {
    static let profile = Transcript(
        "profile",
        """
        S: MSG Hotmail Hotmail 367
        | MIME-Version: 1.0
        | Content-Type: text/x-msmsgsprofile; charset=UTF-8
        | LoginTime: 1726321960
        | EmailEnabled: 1
        | MemberIdHigh: 1
        | MemberIdLow: 2
        | lang_preference: 1033
        | PreferredEmail: example@hotmail.com
        | country: US
        | PostalCode:\u{20}
        | Gender:\u{20}
        | Kid: 0
        | Age:\u{20}
        | BDayPre:\u{20}
        | Birthday:\u{20}
        | Wallet:\u{20}
        | Flags: 1027
        | sid: 507
        | kv: 11
        | MSPAuth: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA$$
        |
        """)

    static let initialMail = Transcript(
        "mail: initial",
        """
        S: MSG Hotmail Hotmail 225
        | MIME-Version: 1.0
        | Content-Type: text/x-msmsgsinitialemailnotification; charset=UTF-8
        |
        | Inbox-Unread: 1
        | Folders-Unread: 0
        | Inbox-URL: /cgi-bin/HoTMaiL
        | Folders-URL: /cgi-bin/folders
        | Post-URL: http://www.hotmail.example
        |
        """)

    static let newMail = Transcript(
        "mail: new",
        """
        S: MSG Hotmail Hotmail 365
        | MIME-Version: 1.0
        | Content-Type: text/x-msmsgsemailnotification; charset=UTF-8
        |
        | From: Example User
        | Message-URL: /cgi-bin/getmsg?msg=MSG1728932553.00&start=1&len=12&curmbox=ACTIVE
        | Post-URL: https://loginnet.passport.example/ppsecure/md5auth.srf?lc=1033
        | Subject: =?"us-ascii"?Q?Just saying hello.?=
        | Dest-Folder: ACTIVE
        | From-Addr: example@hotmail.com
        | id: 2
        |
        """)

    static let movedMail = Transcript(
        "mail: moved",
        """
        S: MSG Hotmail Hotmail 148
        | MIME-Version: 1.0
        | Content-Type: text/x-msmsgsactivemailnotification; charset=UTF-8
        |
        | Src-Folder: ACTIVE
        | Dest-Folder: ACTIVE
        | Message-Delta: 1
        |
        """)

    static let systemMessage = Transcript(
        "system-messages",
        """
        S: MSG Hotmail Hotmail 90
        | MIME-Version: 1.0
        | Content-Type: application/x-msmsgssystemmessage
        |
        | Type: 1
        | Arg1: 5
        |
        """)

    static let services = Transcript(
        "service-names",
        """
        C: URL 23 COMPOSE bob@example.com
        S: URL 23 /cgi-bin/compose?mailto=1&to=bob%40example%2ecom https://loginnet.passport.example/ppsecure/md5auth.srf?lc=1033 2
        C: URL 24 PROFILE 0x0409
        S: URL 24 http://members.example/Edit.asp?lc=1033 https://loginnet.passport.example/ppsecure/md5auth.srf?lc=1033 4263
        """)

    static let payloadsSection: [Transcript] = [
        profile, initialMail, newMail, movedMail, systemMessage, services,
    ]
}
