import MSNP
import Testing

@Suite("Character sets of messages and mail")
struct CharsetTests {
    private func text(_ charset: String, _ body: [UInt8]) -> ChatText? {
        ChatText(MIMEPayload(parsing: Array("Content-Type: text/plain; charset=\(charset)\r\n\r\n".utf8) + body))
    }

    @Test(
        "Names mean what the Encoding Standard says; the bytes are another implementation's",
        arguments: [
            (
                "iso-8859-2", [0xAE, 0x6C, 0x75, 0xBB, 0x6F, 0x75, 0xE8, 0x6B, 0xFD, 0x20, 0x6B, 0xF9, 0xF2],
                "Žluťoučký kůň"
            ),
            ("iso-8859-3", [0xC6, 0x69, 0x75, 0xBC, 0x61, 0xFD, 0x64, 0x65], "Ĉiuĵaŭde"),
            ("iso-8859-4", [0xD3, 0xBA, 0x6E, 0x69, 0xF1, 0xB9], "Ķēniņš"),
            ("iso-8859-5", [0xBF, 0xE0, 0xD8, 0xD2, 0xD5, 0xE2], "Привет"),
            ("iso-8859-6", [0xE5, 0xD1, 0xCD, 0xC8, 0xC7], "مرحبا"),
            ("iso-8859-7", [0xC3, 0xE5, 0xE9, 0xDC, 0x20, 0xF3, 0xEF, 0xF5], "Γειά σου"),
            ("iso-8859-8", [0xF9, 0xEC, 0xE5, 0xED], "שלום"),
            ("ISO-8859-9", [0xDD, 0x79, 0x69, 0x20, 0x61, 0xF0, 0x61, 0xE7, 0x20, 0xFE], "İyi ağaç ş"),
            ("iso-8859-10", [0xDE, 0x6F, 0x72, 0xF0, 0x20, 0xAF], "Þorð Ŋ"),
            ("iso-8859-11", [0xCA, 0xC7, 0xD1, 0xCA, 0xB4, 0xD5], "สวัสดี"),
            ("iso-8859-13", [0xC0, 0xFE, 0x75, 0x6F, 0x6C, 0x61, 0x73], "Ąžuolas"),
            ("iso-8859-14", [0xD0, 0x79, 0xFE, 0x20, 0xA1], "Ŵyŷ Ḃ"),
            ("iso-8859-15", [0x35, 0xA4, 0x20, 0xBD, 0x75, 0x76, 0x72, 0x65], "5€ œuvre"),
            ("iso-8859-16", [0xDE, 0x61, 0x72, 0xE3, 0x20, 0xBA, 0x69, 0x20, 0xA4], "Țară și €"),
            ("windows-1250", [0x8E, 0x6C, 0x75, 0x9D, 0x20, 0x80], "Žluť €"),
            ("windows-1251", [0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2], "Привет"),
            ("windows-1253", [0xC3, 0xE5, 0xE9, 0xDC, 0x20, 0x80], "Γειά €"),
            ("windows-1254", [0x61, 0xF0, 0x61, 0xE7, 0x20, 0x80], "ağaç €"),
            ("windows-1255", [0xF9, 0xEC, 0xE5, 0xED, 0x20, 0xA4], "שלום ₪"),
            ("windows-1256", [0xD3, 0xE1, 0xC7, 0xE3], "سلام"),
            ("windows-1257", [0xC0, 0xFE, 0x75, 0x6F, 0x6C, 0x61, 0x73], "Ąžuolas"),
            ("windows-1258", [0xD0, 0x20, 0xF0, 0x20, 0xFE], "Đ đ ₫"),
            ("koi8-r", [0xF0, 0xD2, 0xC9, 0xD7, 0xC5, 0xD4], "Привет"),
            ("KOI8-U", [0xB7, 0xD6, 0xC1, 0xCB], "Їжак"),
            ("gb2312", [0xC4, 0xE3, 0xBA, 0xC3, 0xA2, 0xE3], "你好€"),
            ("GBK", [0xC4, 0xE3, 0xBA, 0xC3, 0x81, 0x40], "你好丂"),
            ("gb18030", [0xC4, 0xE3, 0xBA, 0xC3, 0x94, 0x39, 0xFC, 0x36], "你好😀"),
            ("big5", [0xA7, 0x41, 0xA6, 0x6E], "你好"),
            ("Shift_JIS", [0x87, 0x40, 0xEE, 0xE0, 0x93, 0xFA, 0x96, 0x7B], "①髙日本"),
            (
                "iso-2022-jp",
                [0x1B, 0x24, 0x42, 0x46, 0x7C, 0x4B, 0x5C, 0x38, 0x6C, 0x1B, 0x28, 0x42, 0x20, 0x41, 0x42, 0x43],
                "日本語 ABC"
            ),
            ("euc-jp", [0xC6, 0xFC, 0xCB, 0xDC, 0xB8, 0xEC], "日本語"),
            ("euc-kr", [0xBE, 0xC8, 0xB3, 0xE7, 0x8C, 0x63], "안녕똠"),
            ("ks_c_5601-1987", [0xBE, 0xC8, 0xB3, 0xE7], "안녕"),
            ("utf-16le", [0xE9, 0x00, 0x15, 0x26, 0x3D, 0xD8, 0x00, 0xDE], "é☕😀"),
            ("us-ascii", [0x63, 0x61, 0x66, 0xE9], "café"),
            ("ibm866", [0x8F, 0xE0, 0xA8, 0xA2, 0xA5, 0xE2], "Привет"),
        ] as [(String, [UInt8], String)])
    func decoded(charset: String, body: [UInt8], expected: String) throws {
        let message = try #require(text(charset, body))
        #expect(Array(message.text.unicodeScalars) == Array(expected.unicodeScalars))
        #expect(message.unknownCharset == nil)
    }

    @Test("What stands for nothing is marked, and the rest is read")
    func broken() {
        #expect(text("shift_jis", [0x41, 0x81, 0x20, 0x42])?.text == "A\u{FFFD} B")
        #expect(text("shift_jis", [0x41, 0x93])?.text == "A\u{FFFD}")
        #expect(text("iso-8859-7", [0x41, 0xFF, 0x42])?.text == "A\u{FFFD}B")
        #expect(text("iso-2022-jp", [0x1B, 0x24, 0x42, 0x46, 0x7C, 0x4B])?.text == "日\u{FFFD}")
        #expect(text("utf-16le", [0x41, 0x00, 0x42])?.text == "A\u{FFFD}")
        #expect(text("gb18030", [])?.text.isEmpty == true)
    }

    @Test("A long text is converted whole", arguments: [1, 4_000, 8_192, 16_385])
    func long(characters: Int) {
        let body = [UInt8](repeating: 0xCF, count: characters)
        #expect(text("windows-1251", body)?.text == String(repeating: "П", count: characters))
        #expect(
            text("iso-8859-7", [UInt8](repeating: 0xFF, count: characters))?.text
                == String(repeating: "\u{FFFD}", count: characters))
    }

    @Test("Of a set that is not known the ASCII is kept, and its name told")
    func unknown() {
        let message = text("x-unheard-of", Array("a é".utf8))
        #expect(message?.text == "a \u{FFFD}\u{FFFD}")
        #expect(message?.unknownCharset == "x-unheard-of")
        let long = text(String(repeating: "x", count: 300), [0x41])
        #expect(long?.text == "A")
        #expect(long?.unknownCharset == String(repeating: "x", count: 40))
    }

    @Test("A text without a name is UTF-8 where it can be, else Windows-1252")
    func unnamed() {
        func unnamed(_ body: [UInt8]) -> String? {
            ChatText(MIMEPayload(parsing: Array("Content-Type: text/plain\r\n\r\n".utf8) + body))?.text
        }
        #expect(unnamed(Array("☕".utf8)) == "☕")
        #expect(unnamed([0xE9, 0x80]) == "é€")
    }

    @Test(
        "Subjects",
        arguments: [
            ("=?windows-1251?B?z/Do4uXy?=", "Привет"), ("=?iso-8859-15?Q?5=A4?=", "5€"),
            ("=?Shift_JIS?B?k/qWew==?=", "日本"), ("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "日本"),
            // A character that is spread over two words of one set.
            ("=?gb2312?Q?=C4?= =?gb2312?Q?=E3?=", "你"), ("=?x-unheard-of?Q?a=E9?=", "a\u{FFFD}"),
        ])
    func subjects(header: String, text: String) { #expect(EncodedWords.decode(header) == text) }
}
