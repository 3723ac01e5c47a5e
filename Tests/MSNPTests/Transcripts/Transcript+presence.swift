// Presence, the challenge, the version report.

extension Transcript {
    static let presence = Transcript(
        "contacts-presence",
        """
        C: CHG 9 NLN
        S: CHG 9 NLN
        S: ILN 9 AWY bob@example.com Bob%20B.
        S: NLN NLN carol@example.com Carol
        S: NLN BSY bob@example.com Bob%20(in%20a%20meeting)
        S: FLN carol@example.com
        C: CHG 10 HDN
        S: CHG 10 HDN
        C: XFR 11 SB
        S: 913 11
        """)

    static let challenge = Transcript(
        "challenges",
        """
        S: CHL 0 11111111111111111111
        C: QRY 10 msmsgs@msnmsgr.com 32
        > 3b6666b60157322b6fc6e41a115968f5
        S: QRY 10
        """)

    static let clientVersion = Transcript(
        "client-version",
        """
        C: CVR 7 0x0409 win 4.10 i386 MSMSGS 3.6.0038 MSMSGS
        S: CVR 7 4.6.0083 4.6.0083 1.0.0000 http://download.example.com/mmssetup.exe http://messenger.example.com
        """)

    static let presenceSection: [Transcript] = [
        presence, challenge, clientVersion,
    ]
}
