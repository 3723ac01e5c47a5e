import MSNP
import Testing

@Suite struct EncodedWordsTests {
    @Test(
        "Encoded words, RFC 2047 and worse",
        arguments: [
            ("plain", "plain"), ("=?utf-8?B?Wm/Dqw==?=", "Zoë"), ("=?UTF-8?b?Wm/Dqw?=", "Zoë"),
            ("=?iso-8859-1?Q?Andr=E9?= writes", "André writes"), ("=?ISO-8859-1?q?a_b=20c?=", "a b c"),
            ("=?us-ascii*en?Q?Keith_Moore?=", "Keith Moore"),
            (#"=?"us-ascii"?Q?Just saying hello.?="#, "Just saying hello."),
            ("=?windows-1252?Q?=80_=93x=94?=", "€ “x”"),
            ("=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"), ("=?utf-8?Q?a?=  \t=?iso-8859-1?Q?=E9?= c", "aé c"),
            ("=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"), ("=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"),
            // A character in two words.
            ("=?utf-8?B?Wm/D?= =?utf-8?B?qw==?=", "Zoë"), ("=?utf-8?Q?=C3?= =?UTF-8?Q?=AB?=", "ë"),
            ("=?x-unheard-of?Q?=C3=AB?=", "\u{FFFD}\u{FFFD}"), ("=?koi8-r?Q?=EB?=", "К"), ("=?utf-8?Q??=", ""),
            ("=?utf-8?Q?a=0D=0AX:_y?=", "a\u{FFFD}\u{FFFD}X: y"),
            ("=?utf-8?Q?=FF?=", "\u{FFFD}"),
        ])
    func decoded(text: String, expected: String) {
        #expect(EncodedWords.decode(text) == expected)
    }

    @Test(
        "What is none stays",
        arguments: [
            "=?utf-8?Q?never ends", "=?utf-8?X?abc?=", "=?utf-8?B?a*b?=", "=??Q?abc?=", "=?utf-8?Q", "=?utf-8??abc?=",
            "a=?b", "=?", "=", "=?utf 8?Q?a?=", "1 = 2?", "=?=?=?=?=?=",
        ])
    func literal(text: String) {
        #expect(EncodedWords.decode(text) == text)
    }

    @Test("Anything can be decoded, and soon", arguments: 1...4 as ClosedRange<UInt64>)
    func hostile(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pieces = ["=?", "?=", "utf-8", "?Q?", "?B?", "=", "?", "_", "=C3", "=AB", "AAAA", " ", "é", "*", "\""]
        for _ in 0..<500 {
            let text = (0..<Int.random(in: 0...60, using: &generator))
                .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            let decoded = EncodedWords.decode(text)
            #expect(decoded.utf8.count <= text.utf8.count * 3)
        }
        let longest = String(repeating: "=?a?Q?x", count: WireLimits.payload / 7)
        let isUntouched = EncodedWords.decode(longest) == longest
        #expect(isUntouched)
        let words = String(repeating: "=?utf-8?Q?a?= ", count: WireLimits.payload / 14)
        #expect(EncodedWords.decode(words).utf8.count == WireLimits.payload / 14 + 1)
    }
}
