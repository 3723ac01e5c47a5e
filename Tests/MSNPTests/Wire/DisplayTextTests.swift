import MSNP
import Testing

@Suite struct DisplayTextTests {
    @Test(
        "Controls and separators are replaced, one for one",
        arguments: [
            ("a\r\nb", "a\u{FFFD}\u{FFFD}b"), ("\0", "\u{FFFD}"), ("\t", "\u{FFFD}"), ("\u{7F}\u{80}\u{9F}", "���"),
            ("\u{2028}\u{2029}", "\u{FFFD}\u{FFFD}"), ("e\u{301}\u{1F}", "e\u{301}\u{FFFD}"),
        ])
    func replaced(text: String, shown: String) {
        #expect(Array(DisplayText.sanitized(text).unicodeScalars) == Array(shown.unicodeScalars))
    }

    @Test("Everything else stays", arguments: ["", " ", "~", "\u{A0}", "日本 ☕", "👩‍👩‍👧", "e\u{301}", "\u{2027}\u{202A}"])
    func kept(text: String) {
        #expect(Array(DisplayText.sanitized(text).utf8) == Array(text.utf8))
    }
}
