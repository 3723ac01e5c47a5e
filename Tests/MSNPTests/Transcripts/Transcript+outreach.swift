// The directory, invitations by mail, pages and alerts.

extension Transcript {
    static let directory = Transcript(
        "directory",
        """
        C: FND 25 fname=Another lname=User city=* state=* country=US
        S: FND 25 1 2 fname=Another lname=User city=New%20York state=NY country=US
        S: FND 25 2 2 fname=Another lname=User city=Stillwater state=OK country=US
        C: FND 26 fname=Another lname=User city=* state=* country=DE
        S: FND 26 0 0
        """)

    static let invitations = Transcript(
        "mail-invitations",
        """
        C: SDC 27 newbie@example.com 0x0409 MSMSGS MSMSGS X X Alice 21
        > Join me on messenger!
        S: SDC 27 OK
        C: SDC 28 1 0x0409 MSMSGS MSMSGS X X Alice 0
        S: SDC 28 OK
        """)

    static let page = Transcript(
        "pages",
        """
        C: PAG 30 carol@example.com 61
        > <TEXT xml:space="preserve">This is an example message.</TEXT>
        S: 800 30
        """)

    static let alerts = Transcript(
        "notification-documents",
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

    static let outreachSection: [Transcript] = [directory, invitations, page, alerts]
}
