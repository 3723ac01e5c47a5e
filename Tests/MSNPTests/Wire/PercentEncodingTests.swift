import MSNP
import Testing

@Suite struct PercentEncodingTests {
    @Test(
        "The examples of the documents",
        arguments: [
            ("another user", "another%20user"),
            ("Zoë ☕ 100%", "Zo%C3%AB%20%E2%98%95%20100%25"),
            ("日本", "%E6%97%A5%E6%9C%AC"),
            ("(brb)", "(brb)"),
            ("A+B", "A+B"),
            ("a\u{3000}b\r\n\0", "a%E3%80%80b%0D%0A%00"),
        ])
    func encodesAndComesBack(raw: String, encoded: String) {
        #expect(PercentEncoding.encode(raw) == encoded)
        #expect(PercentEncoding.decode(encoded) == raw)
    }

    @Test(
        "Decoding is lenient",
        arguments: [
            ("x%", "x%"), ("x%4", "x%4"), ("x%zz%41", "x%zzA"), ("%FF", "\u{FFFD}"), ("%28brb%29", "(brb)"),
            ("%c3%ab", "ë"), ("A%2BB", "A+B"), ("%2541", "%41"), ("Zoë", "Zoë"),
        ])
    func decodesLeniently(encoded: String, decoded: String) {
        #expect(PercentEncoding.decode(encoded) == decoded)
    }
}
