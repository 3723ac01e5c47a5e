// Switchboards, and what a notification server says about them.

extension Transcript {
    static let switchboard = Transcript(
        "calling",
        """
        * NS connection
        C: XFR 20 SB
        S: XFR 20 SB 10.0.1.200:1863 CKI 17262.1013928521.3692
        * client connects to 10.0.1.200:1863
        C: USR 1 alice@example.com 17262.1013928521.3692
        S: USR 1 OK alice@example.com Alice
        C: CAL 2 bob@example.com
        S: CAL 2 RINGING 11752013
        S: JOI bob@example.com Bob%20B.
        C: MSG 3 U 90
        | MIME-Version: 1.0
        | Content-Type: text/x-msmsgscontrol
        | TypingUser: alice@example.com
        |
        |
        C: MSG 4 N 134
        | MIME-Version: 1.0
        | Content-Type: text/plain; charset=UTF-8
        | X-MMS-IM-Format: FN=Arial; EF=I; CO=ff; CS=0; PF=22
        |
        > Hi Bob, café at 5?
        S: MSG bob@example.com Bob%20B. 80
        | MIME-Version: 1.0
        | Content-Type: text/plain; charset=UTF-8
        |
        | Sure :)
        |
        > See you
        S: BYE bob@example.com
        C: OUT
        * server closes
        """)

    static let fileTransfer = Transcript(
        "invitations",
        """
        S: MSG bob@example.com Bob 277
        | MIME-Version: 1.0
        | Content-Type: text/x-msmsgsinvite; charset=UTF-8
        |
        | Application-Name: File Transfer
        | Application-GUID: {5D3E02AB-6190-11d3-BBBB-00C04F795683}
        | Invitation-Command: INVITE
        | Invitation-Cookie: 33267
        | Application-File: readme.txt
        | Application-FileSize: 60904
        |
        C: MSG 7 N 162
        | MIME-Version: 1.0
        | Content-Type: text/x-msmsgsinvite; charset=UTF-8
        |
        | Invitation-Command: CANCEL
        | Invitation-Cookie: 33267
        | Cancel-Code: REJECT_NOT_INSTALLED
        |
        """)

    static let beingCalled = Transcript(
        "being-called",
        """
        * NS
        S: RNG 11752099 10.0.1.200:1863 CKI 849102291.520491113 bob@example.com Bob%20B.
        * connect 10.0.1.200:1863
        C: ANS 1 alice@example.com 849102291.520491113 11752099
        S: IRO 1 1 2 bob@example.com Bob%20B.
        S: IRO 1 2 2 carol@example.com Carol
        S: ANS 1 OK
        S: MSG bob@example.com Bob%20B. 88
        | MIME-Version: 1.0
        | Content-Type: text/x-msmsgscontrol
        | TypingUser: bob@example.com
        |
        |
        S: MSG bob@example.com Bob%20B. 69
        | MIME-Version: 1.0
        | Content-Type: text/plain; charset=UTF-8
        |
        > message
        C: MSG 2 A 75
        | MIME-Version: 1.0
        | Content-Type: text/plain; charset=UTF-8
        |
        > naïve ☕ ok
        S: ACK 2
        S: JOI dave@example.com Dave
        S: BYE carol@example.com
        S: BYE bob@example.com 1
        """)

    static let callFailures = Transcript(
        "call-refusals",
        """
        C: CAL 2 bob@example.com
        S: 217 2
        C: CAL 3 carol@example.com
        S: CAL 3 RINGING 11752014
        S: JOI carol@example.com Carol
        C: CAL 4 carol@example.com
        S: 215 4
        C: CAL 5 @@a
        S: 208 5
        C: MSG 6 N 66
        | MIME-Version: 1.0
        | Content-Type: text/plain; charset=UTF-8
        |
        > lost
        S: NAK 6
        """)

    static let switchboardSection: [Transcript] = [switchboard, fileTransfer, beingCalled, callFailures]
}
