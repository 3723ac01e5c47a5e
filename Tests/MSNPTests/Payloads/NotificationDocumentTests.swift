import MSNP
import Testing

@Suite struct NotificationDocumentTests {
    private func document(_ text: String) -> NotificationDocument? { NotificationDocument(parsing: Array(text.utf8)) }

    @Test("An alert")
    func alert() throws {
        let command = try #require(Transcript.alerts.commands.first)
        let alert = try #require(NotificationDocument(parsing: command.payload))
        #expect(alert.id == 2)
        #expect(alert.siteID == "0")
        #expect(alert.recipient == "alice@example.com")
        #expect(alert.recipientID == "0x00000001:0x00000002")
        #expect(alert.sender == nil)
        #expect(alert.messageID == 0)
        #expect(alert.language == 1033)
        #expect(alert.text == "This is an example notification.")
        let tail = "&notification_id=2&message_id=0&agent=messenger"
        #expect(alert.actionURL == "http://alerts.example.com/alert?command=action" + tail)
        #expect(alert.subscriptionURL == "http://alerts.example.com/alert?command=change" + tail)
        #expect(alert.iconURL == "http://alerts.example.com/alerticon_32x32.png")
        #expect("\(alert)" == "NotificationDocument (id 2)")
    }

    @Test("A page, and one of ours that failed")
    func pages() throws {
        let command = try #require(Transcript.alerts.commands.last)
        let page = try #require(NotificationDocument(parsing: command.payload))
        #expect(IncomingPage(page) == .message(from: "carol@example.com", text: "Hello from my phone."))
        let failed = try #require(
            document("<NOTIFICATION id='30'><MSG id='407'><BODY><TEXT></TEXT></BODY></MSG></NOTIFICATION>"))
        #expect(IncomingPage(failed) == .failed(TransactionID(rawValue: 30), code: 407))
        let anonymous = try #require(
            document("<NOTIFICATION id='0'><MSG><BODY><TEXT>x</TEXT></BODY></MSG></NOTIFICATION>"))
        #expect(IncomingPage(anonymous) == .message(from: nil, text: "x"))
    }

    @Test(
        "Links are joined with one slash, and lead to the web alone",
        arguments: [
            ("http://a.example/", "/x", "http://a.example/x?"), ("http://a.example", "x", "http://a.example/x?"),
            ("https://a.example//", "//x?y=1", "https://a.example/x?y=1&"),
            ("http://a.example", "x?", "http://a.example/x?"),
            ("http://a.example", "x?a&b=2", "http://a.example/x?a&b=2&"),
            ("http://a.example", "https://b.example/y", "https://b.example/y?"),
            ("javascript:alert(1)", "x", nil), ("", "javascript:alert(1)", nil), ("", "//evil.example/", nil),
            ("file:///etc", "passwd", nil), ("http://a.example", "", nil), ("http://a b", "x", nil),
            ("http://user@a.example", "x", nil), ("http://a.example", "x y", nil),
        ] as [(String, String, String?)])
    func links(base: String, url: String, expected: String?) {
        let alert = document(
            "<NOTIFICATION id='7' siteurl='\(base)'><MSG id='9'><ACTION url='\(url)'/></MSG></NOTIFICATION>")
        #expect(alert != nil)
        #expect(alert?.actionURL == expected.map { $0 + "notification_id=7&message_id=9&agent=messenger" })
    }

    @Test("A fragment stays behind the query")
    func fragment() {
        let alert = document(
            "<NOTIFICATION id='7' siteurl='http://a.example'><MSG id='9'><ACTION url='x#top'/></MSG></NOTIFICATION>")
        #expect(
            alert?.actionURL == "http://a.example/x?notification_id=7&message_id=9&agent=messenger#top")
    }

    @Test(
        "Text as it stands in real documents",
        arguments: [
            ("a &amp; b", "a & b"), ("a & b", "a & b"), ("AT&T;", "AT&T;"), ("&lt;b&gt; &quot;&apos;", "<b> \"'"),
            ("&#233;&#xE9;&#XE9;", "ééé"), ("&#x110000;&#xD800;&#0;", "\u{FFFD}\u{FFFD}\u{FFFD}"),
            ("&#;&#x;&#xg;&;&", "&#;&#x;&#xg;&;&"), ("&amp;lt;", "&lt;"), ("<![CDATA[<b> & ]]>c", "<b> & c"),
            ("a<!-- <b> -->c", "ac"), ("a\r\nb", "a\nb"), ("a<B>b</B>c", "ac"), ("&copy;", "&copy;"),
            ("&#99999999999999999999;", "&#99999999999999999999;"), ("&#9999999999;", "\u{FFFD}"),
        ])
    func text(markup: String, expected: String) {
        let alert = document(
            "<?xml version='1.0'?><NOTIFICATION><MSG><BODY><TEXT>\(markup)</TEXT><TEXTX>no</TEXTX></BODY></MSG></NOTIFICATION>"
        )
        #expect(alert?.text == expected)
    }

    @Test("A bare & in a URL, which real alerts have")
    func bareAmpersand() {
        let alert = document(
            #"<NOTIFICATION id="1" siteurl="http://a.example"><MSG id="2"><ACTION url="x?a=1&b=2&lt=3"/></MSG></NOTIFICATION>"#
        )
        #expect(alert?.actionURL?.hasPrefix("http://a.example/x?a=1&b=2&lt=3&notification_id=1") == true)
    }

    @Test("The first of a kind counts, and only in its place")
    func places() {
        let alert = document(
            """
            <NOTIFICATION id="1"><TEXT>wrong</TEXT><MSG id="2"><BODY><TEXT>right</TEXT><TEXT>late</TEXT></BODY>\
            <BODY><TEXT>later</TEXT></BODY></MSG><MSG id="3"/></NOTIFICATION><NOTIFICATION id="9"/>
            """)
        #expect(alert?.text == "right")
        #expect(alert?.messageID == 2)
        #expect(alert?.id == 1)
    }

    @Test(
        "What is dropped",
        arguments: [
            "", "x", "<NOTIFICATION>", "<NOTIFICATION", "<NOTIFICATION id>", "<NOTIFICATION id=1></NOTIFICATION>",
            "<NOTIFICATION id='1></NOTIFICATION>", "<NOTIFICATION></MSG></NOTIFICATION>", "<OTHER/>", "</NOTIFICATION>",
            "<!DOCTYPE x [<!ENTITY a 'b'>]><NOTIFICATION/>", "<NOTIFICATION><!ELEMENT a></NOTIFICATION>",
            "<NOTIFICATION><!-- </NOTIFICATION>", "<NOTIFICATION><![CDATA[ </NOTIFICATION>", "<>", "< NOTIFICATION/>",
            "<?xml", "<!-->", "<![CDATA[x]]><NOTIFICATION/>",
        ])
    func dropped(text: String) {
        #expect(document(text) == nil)
    }

    @Test("Depth, attributes and names have an end")
    func limits() {
        func nested(_ depth: Int) -> String {
            "<NOTIFICATION>" + String(repeating: "<A>", count: depth) + String(repeating: "</A>", count: depth)
                + "</NOTIFICATION>"
        }
        #expect(document(nested(15)) != nil)
        #expect(document(nested(16)) == nil)
        #expect(document(String(repeating: "<A>", count: WireLimits.payload / 3)) == nil)
        func attributes(_ count: Int) -> String {
            "<NOTIFICATION \((0..<count).map { "a\($0)='x'" }.joined(separator: " "))/>"
        }
        #expect(document(attributes(32)) != nil)
        #expect(document(attributes(33)) == nil)
        func named(_ length: Int) -> String {
            "<NOTIFICATION><\(String(repeating: "a", count: length))/></NOTIFICATION>"
        }
        #expect(document(named(64)) != nil)
        #expect(document(named(65)) == nil)
        // No entity grows, and none refers to another.
        let bomb =
            "<NOTIFICATION><MSG><BODY><TEXT>\(String(repeating: "&a;&#38;amp;", count: 4_000))</TEXT></BODY></MSG></NOTIFICATION>"
        #expect(document(bomb)?.text == String(repeating: "&a;&amp;", count: 4_000))
    }

    @Test("Nothing traps, and what is read fits what came", arguments: 1...6 as ClosedRange<UInt64>)
    func hostile(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "<NOTIFICATION", "<MSG", "<BODY", "<TEXT", "</TEXT>", "</BODY>", "</MSG>", "</NOTIFICATION>", ">", "/>",
            "<",
            " id=", "\"", "'", "1", " url='x'", " siteurl=\"http://a.example\"", "&", "&amp;", "&#x41;", ";", "<!--",
            "-->", "<![CDATA[", "]]>", "<?", "?>", "text", "é", "\0", "\u{FEFF}",
        ]
        let samples = Transcript.alerts.commands.map(\.payload)
        for _ in 0..<400 {
            var bytes: [UInt8]
            if Bool.random(using: &generator), let sample = samples.randomElement(using: &generator) {
                bytes = sample
                for _ in 0..<Int.random(in: 1...6, using: &generator) {
                    let index = Int.random(in: 0..<bytes.count, using: &generator)
                    if Bool.random(using: &generator) {
                        bytes[index] = UInt8.random(in: 0...255, using: &generator)
                    } else {
                        bytes.remove(at: index)
                    }
                }
            } else {
                bytes = (0..<Int.random(in: 0...40, using: &generator))
                    .flatMap { _ in Array((pieces.randomElement(using: &generator) ?? "").utf8) }
            }
            guard let document = NotificationDocument(parsing: bytes) else { continue }
            #expect(document.text.utf8.count <= bytes.count * 3)
            #expect(document.actionURL.map { WebAddress(parsing: $0) != nil } ?? true)
        }
    }
}
