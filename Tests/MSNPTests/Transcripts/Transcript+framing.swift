// Parts of the protocol whose commands have no messages yet: they are framed alone.

extension Transcript {
    static let switchboard = Transcript(
        "8.6",
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
        "9.5",
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

    static let directory = Transcript(
        "12.1",
        """
        C: FND 25 fname=Another lname=User city=* state=* country=US
        S: FND 25 1 2 fname=Another lname=User city=New%20York state=NY country=US
        S: FND 25 2 2 fname=Another lname=User city=Stillwater state=OK country=US
        C: FND 26 fname=Another lname=User city=* state=* country=DE
        S: FND 26 0 0
        """)

    static let invitations = Transcript(
        "12.2",
        """
        C: SDC 27 newbie@example.com 0x0409 MSMSGS MSMSGS X X Alice 21
        > Join me on messenger!
        S: SDC 27 OK
        C: SDC 28 1 0x0409 MSMSGS MSMSGS X X Alice 0
        S: SDC 28 OK
        """)

    static let page = Transcript(
        "14.1",
        """
        C: PAG 30 carol@example.com 61
        > <TEXT xml:space="preserve">This is an example message.</TEXT>
        S: 800 30
        """)

    static let alerts = Transcript(
        "14.4",
        """
        S: NOT 355
        | <NOTIFICATION ver="1" id="2" siteid="0" siteurl="http://alerts.example.com/">
        | <TO pid="0x00000001:0x00000002" name="alice@example.com"/>
        | <MSG id="0">
        | <ACTION url="alert?command=action"/>
        | <SUBSCR url="alert?command=change"/>
        | <BODY lang="1033" icon="alerticon_32x32.png">
        | <TEXT>This is an example notification.</TEXT>
        | </BODY>
        | </MSG>
        > </NOTIFICATION>
        S: IPG 444
        | <NOTIFICATION id="0" siteid="111100400" siteurl="http://mobile.example.com/">
        | <TO name="alice@example.com" pid="0x00000001:0x00000002" email="alice@example.com">
        | <VIA agent="mobile"/>
        | </TO>
        | <FROM pid="0x00000001:0x00000003" name="carol@example.com"/>
        | <MSG pri="1" id="0">
        | <ACTION url="2wayIM.asp"/>
        | <SUBSCR url="2wayIM.asp"/>
        | <CAT id="110110001"/>
        | <BODY lang="1033">
        | <TEXT>Hello from my phone.</TEXT>
        | </BODY>
        | </MSG>
        > </NOTIFICATION>
        """)

    static let beingCalled = Transcript(
        "19.6",
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
        "19.7",
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

    static let framingSection: [Transcript] = [
        switchboard, fileTransfer, directory, invitations, page, alerts, beingCalled, callFailures,
    ]
}
