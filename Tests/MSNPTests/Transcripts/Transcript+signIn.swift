// Golden transcripts: signing in.

extension Transcript {
    static let dispatchAndLogin = Transcript(
        "a whole session",
        """
        * connect ds.example:1863
        C: VER 1 MSNP6 MSNP5 MSNP4 CVR0
        S: VER 1 MSNP6
        C: INF 2
        S: INF 2 MD5
        C: USR 3 MD5 I alice@example.com
        S: XFR 3 NS 10.0.0.5:1863 0
        * both sides close; client connects to 10.0.0.5:1863
        C: VER 4 MSNP6 MSNP5 MSNP4 CVR0
        S: VER 4 MSNP6
        C: INF 5
        S: INF 5 MD5
        C: USR 6 MD5 I alice@example.com
        S: USR 6 MD5 S 1013928519.693957190
        C: USR 7 MD5 S ca119f98ef5b826b095287c249ca8e87
        S: USR 7 OK alice@example.com Alice%20A. 1
        S: MSG Hotmail Hotmail 361
        | MIME-Version: 1.0
        | Content-Type: text/x-msmsgsprofile; charset=UTF-8
        | LoginTime: 1726321960
        | EmailEnabled: 1
        | MemberIdHigh: 85040
        | MemberIdLow: -517030579
        | lang_preference: 1033
        | preferredEmail:\u{20}
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
        C: SYN 8 8
        S: SYN 8 8
        C: CHG 9 NLN
        S: CHG 9 NLN
        S: CHL 0 11111111111111111111
        C: QRY 10 msmsgs@msnmsgr.com 32
        > 3b6666b60157322b6fc6e41a115968f5
        S: QRY 10
        C: OUT
        S: OUT
        * both sides close
        """)

    static let noCommonVersion = Transcript(
        "negotiation, 1",
        """
        C: VER 1 MSNP6 MSNP5 MSNP4 CVR0
        S: VER 1 0
        * server closes -> noCommonVersion
        """)

    static let listedVersions = Transcript(
        "negotiation, 2",
        """
        C: VER 1 MSNP6 MSNP5 MSNP4 CVR0
        S: VER 1 MSNP6 MSNP5 MSNP4 CVR0
        * list-style reply -> MSNP6
        C: INF 2
        S: INF 2 MD5
        """)

    static let olderDialect = Transcript(
        "negotiation, 3",
        """
        C: VER 1 MSNP6 MSNP5 MSNP4 CVR0
        S: VER 1 MSNP5
        * MSNP5: no verified bit, no CHL expected
        C: INF 2
        S: INF 2 MD5
        C: USR 3 MD5 I alice@example.com
        S: USR 3 MD5 S 1013928519.693957190
        C: USR 4 MD5 S ca119f98ef5b826b095287c249ca8e87
        S: USR 4 OK alice@example.com Alice%20A.
        """)

    static let clientTooOld = Transcript(
        "negotiation, 4",
        """
        C: VER 1 MSNP6 MSNP5 MSNP4 CVR0
        S: VER 1 CVR0
        C: CVQ 2 0x0409 win 4.10 i386 MSMSGS 3.6.0038
        S: CVQ 2 5.0.0537 5.0.0537 1.0.0863 http://download.example.com/setupdl.exe http://messenger.example.com
        * client closes -> clientTooOld
        """)

    static let softReset = Transcript(
        "referrals, 1",
        """
        C: USR 3 MD5 I alice@example.com
        S: XFR 3 NS 0
        C: VER 4 MSNP6 MSNP5 MSNP4 CVR0
        S: VER 4 MSNP6
        """)

    static let unsolicitedReferral = Transcript(
        "referrals, 2",
        """
        * online session
        S: XFR 0 NS 10.0.0.6:1863 0
        * client closes, connects to 10.0.0.6:1863, logs in from VER; status restored
        C: VER 1 MSNP6 MSNP5 MSNP4 CVR0
        S: VER 1 MSNP6
        """)

    static let wrongCredentials = Transcript(
        "refusals, 1",
        """
        C: USR 3 MD5 I alice@example.com
        S: USR 3 MD5 S 1013928519.693957190
        C: USR 4 MD5 S 00000000000000000000000000000000
        S: 911 4
        * server closes -> wrongCredentials, no retry
        """)

    static let notVerified = Transcript(
        "refusals, 2",
        """
        C: USR 4 MD5 S ca119f98ef5b826b095287c249ca8e87
        S: 924 4
        * server closes -> accountNotVerified (hard)
        """)

    static let childWithoutConsent = Transcript(
        "refusals, 3",
        """
        C: USR 4 MD5 S ca119f98ef5b826b095287c249ca8e87
        S: 923 4
        * server closes -> childWithoutConsent
        """)

    static let softlyUnverified = Transcript(
        "refusals, 4",
        """
        C: USR 4 MD5 S ca119f98ef5b826b095287c249ca8e87
        S: USR 4 OK alice@example.com alice@example.com%20(E-Mail%20Address%20Not%20Verified) 0
        * logged in, soft warning, own name locked
        C: REA 5 alice@example.com Alice
        S: 209 5
        """)

    static let busy = Transcript(
        "refusals, 5",
        """
        C: USR 3 MD5 I alice@example.com
        S: 601 3
        * transient -> back-off, restart at DS
        """)

    static let signInSection: [Transcript] = [
        dispatchAndLogin, noCommonVersion, listedVersions, olderDialect, clientTooOld, softReset, unsolicitedReferral,
        wrongCredentials, notVerified, childWithoutConsent, softlyUnverified, busy,
    ]
}
