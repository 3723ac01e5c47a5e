import Encodings
import Testing

@Suite struct PercentEscapesTests {
    @Test("RFC 3986, 2.5: the bytes of UTF-8, in capitals")
    func encoding() {
        func escaped(_ text: String) -> String { PercentEscapes.encode(text) { !(0x41...0x5A).contains($0) } }
        #expect(escaped("") == "")
        #expect(escaped("A") == "A")
        #expect(escaped("À") == "%C3%80")
        #expect(escaped("ア") == "%E3%82%A2")
        #expect(escaped("%0a+") == "%25%30%61%2B")
    }

    @Test("Every byte comes back", arguments: [true, false])
    func comesBack(isStrict: Bool) {
        var text: [UInt8] = []
        for byte in UInt8.min...UInt8.max { PercentEscapes.append(byte, to: &text) }
        let bytes = isStrict ? PercentEscapes.decode(text) : PercentEscapes.decodeLeniently(text)
        #expect(bytes == Array(UInt8.min...UInt8.max))
    }

    @Test(
        "What is no escape is refused, or stays",
        arguments: [
            ("%", "%"), ("a%", "a%"), ("%4", "%4"), ("%zz%41", "%zzA"), ("%%41", "%A"), ("%4g", "%4g"), ("%+1", "%+1"),
            ("%%%", "%%%"),
        ])
    func strays(text: String, lenient: String) {
        #expect(PercentEscapes.decode(text.utf8) == nil)
        #expect(PercentEscapes.decodeLeniently(text.utf8) == Array(lenient.utf8))
        #expect(PercentEscapes.decodeLeniently(text) == lenient)
    }

    @Test("What is no UTF-8 becomes U+FFFD, in short texts and in long ones", arguments: [0, 40])
    func repaired(length: Int) {
        let text = String(repeating: "a", count: length)
        #expect(PercentEscapes.decodeLeniently("\(text)%C3%41%00") == "\(text)\u{FFFD}A\0")
    }

    @Test(
        "Escapes are resolved once, in either case, and a plus sign is one",
        arguments: [("%c3%AB", "ë"), ("%2541", "%41"), ("A%2BB+C", "A+B+C"), ("Zoë", "Zoë"), ("", "")])
    func decoding(text: String, decoded: String) {
        #expect(PercentEscapes.decode(text.utf8) == Array(decoded.utf8))
        #expect(PercentEscapes.decodeLeniently(text.utf8) == Array(decoded.utf8))
        #expect(PercentEscapes.decodeLeniently(text) == decoded)
    }
}
