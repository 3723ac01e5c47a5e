// Golden transcripts: sessions.

extension Transcript {
    static let comingAndGoing = Transcript(
        "contacts come and go",
        """
        S: NLN NLN carol@example.com Carol
        S: ADD 0 RL 10 frank@example.com Frank%20%26%20Co
        * UI prompt: allow or block "Frank & Co"?  user allows
        C: ADD 20 AL frank@example.com Frank%20%26%20Co
        S: ADD 20 AL 11 frank@example.com Frank%20%26%20Co
        S: NLN AWY carol@example.com Carol
        S: FLN carol@example.com
        S: REM 0 RL 12 frank@example.com
        """)

    static let kicked = Transcript(
        "out, 1",
        """
        S: OUT OTH
        * server closes -> loggedInElsewhere, no auto-reconnect
        """)

    static let maintenance = Transcript(
        "out, 2",
        """
        S: MSG Hotmail Hotmail 90
        | MIME-Version: 1.0
        | Content-Type: application/x-msmsgssystemmessage
        |
        | Type: 1
        | Arg1: 5
        |
        S: OUT SSD
        * server closes -> reconnect with back-off
        """)

    static let failedChallenge = Transcript(
        "out, 3",
        """
        S: CHL 0 12345678901234567890
        C: QRY 11 msmsgs@msnmsgr.com 32
        > 3b6666b60157322b6fc6e41a115968f5
        S: 540 11
        * server closes -> challengeFailed (client bug), no auto-reconnect
        """)

    static let revivedServer = Transcript(
        "escargot",
        """
        * connect host:1863
        C: VER 1 MSNP6 MSNP5 MSNP4 CVR0
        S: VER 1 MSNP6
        C: INF 2
        S: INF 2 MD5
        C: USR 3 MD5 I alice@example.com
        S: USR 3 MD5 S 5f0c2ab91d3e774
        C: USR 4 MD5 S 4deafb581bf3fa131deda21711c7a132
        S: USR 4 OK alice@example.com Zoë 1
        * (profile MSG omitted here)
        C: SYN 5 9
        S: SYN 5 10
        S: GTC 5 10 A
        S: BLP 5 10 AL
        S: PRP 10 PHH 555
        S: PRP 10 MBE N
        S: LST 5 FL 10 1 1 bob@example.com Bob%20B.
        S: BPR 10 PHM 777
        S: LST 5 AL 10 1 1 bob@example.com Bob%20B.
        S: BPR 10 PHM 777
        S: LST 5 BL 10 0 0
        S: LST 5 RL 10 1 1 bob@example.com Bob%20B.
        S: BPR 10 PHM 777
        C: CHG 6 NLN
        S: CHG 6 NLN
        S: ILN 6 NLN bob@example.com Bob%20B.
        C: ADD 7 AL carol@example.com carol@example.com
        S: ADD 7 AL 11 carol@example.com carol@example.com
        C: ADD 8 FL carol@example.com carol@example.com
        S: ADD 8 FL 12 carol@example.com carol@example.com
        S: BPR 12 carol@example.com PHH
        S: BPR 12 carol@example.com PHW
        S: BPR 12 carol@example.com PHM
        S: BPR 12 carol@example.com MOB N
        S: ILN 8 BSY carol@example.com Carol
        C: URL 9 INBOX
        S: URL 9 /unused1 /unused2 1
        C: XFR 10 SB
        S: XFR 10 SB m1.example:1864 CKI 0f3a9c17d2b84e6a5510
        C: PNG
        S: QNG
        C: OUT
        * server closes silently
        """)

    static let sessionsSection: [Transcript] = [
        comingAndGoing, kicked, maintenance, failedChallenge, revivedServer,
    ]
}
