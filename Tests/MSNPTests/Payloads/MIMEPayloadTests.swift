import ByteText
import MSNP
import Testing

@Suite struct MIMEPayloadTests {
    private func parse(_ text: String) -> MIMEPayload { MIMEPayload(parsing: Array(text.utf8)) }

    @Test(
        "Line ends, a missing space and a missing end are all the same",
        arguments: [
            "Content-Type: Text/X-Test; charset=UTF-8\r\nName: value\r\n\r\nbody",
            "Content-Type: Text/X-Test; charset=UTF-8\nName: value\n\nbody",
            "content-TYPE:Text/X-Test;charset=UTF-8\r\nNAME:value\n\r\nbody",
            "Content-Type :\tText/X-Test ; charset=UTF-8\r\nname  :  value  \r\nno colon\r\n: no name\r\n\r\nbody",
        ])
    func lenient(text: String) {
        let payload = parse(text)
        #expect(payload.contentType == "text/x-test")
        #expect(payload["Name"] == "value")
        #expect(payload.body == Array("body".utf8))
    }

    @Test(
        "A payload may end anywhere in its headers",
        arguments: [
            ("A: 1\r\nB: 2\r\n", "2"), ("A: 1\r\nB: 2", "2"), ("A: 1\r\nB:", ""), ("A: 1\r\nB", nil), ("A: 1\r\n", nil),
        ] as [(String, String?)])
    func endsEarly(text: String, value: String?) {
        #expect(parse(text)["a"] == "1")
        #expect(parse(text)["b"] == value)
        #expect(parse(text).body.isEmpty)
    }

    @Test("Nothing at all")
    func empty() {
        #expect(parse("").contentType == nil)
        #expect(parse("\r\n\r\n").body == [0x0D, 0x0A])
        #expect(parse("Content-Type: ;x\r\n").contentType == nil)
    }

    @Test("The first of two headers wins, an empty one too")
    func firstWins() {
        #expect(parse("Name: 1\r\nname: 2\r\n")["NAME"] == "1")
        #expect(parse("Name:\r\nname: 2\r\n")["NAME"] == "")
    }

    @Test("The body is bytes as they came, and may be fields in turn")
    func body() {
        let bytes = Array("A: 1\r\n\r\n".utf8) + [0xFF, 0x00, 0x0D, 0x0A, 0x0D, 0x0A]
        #expect(MIMEPayload(parsing: bytes).body == [0xFF, 0x00, 0x0D, 0x0A, 0x0D, 0x0A])
        #expect(parse("A: 1\r\n\r\nA: 2\r\n\r\nA: 3\r\n").bodyFields["a"] == "2")
        #expect(parse("A: 1\r\n").bodyFields["a"] == nil)
    }

    @Test("What would break a line, a header or a log is U+FFFD, and so is what is no UTF-8")
    func controls() {
        #expect(parse("A: x\u{0}y\rz\u{1B}[0m\u{7F}\u{85}\u{2028}é\r\n")["a"] == "x�y�z�[0m���é")
        #expect(MIMEPayload(parsing: Array("A: Zo".utf8) + [0xC3, 0x0A])["a"] == "Zo�")
    }
}
