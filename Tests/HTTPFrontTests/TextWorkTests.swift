import ByteText
import Testing

@testable import HTTPFront

/// What a head has costs no more than its length, whatever it is.
@Suite struct TextWorkTests {
    private static let sizes = [1, 4, 16, 64].map { $0 * 1024 }

    private static func marks(_ size: Int) -> String { String(repeating: "\u{301}\u{323}", count: size / 4) }

    /// Whether the work is counted at all and grows with the length, and no faster.
    private func expectLinear(_ body: (String) -> Void) {
        for size in Self.sizes {
            let text = Self.marks(size)
            let work = TextWork.bytes { body(text) }
            #expect(work >= size)
            #expect(work <= 8 * size + 1024)
        }
    }

    @Test func lookingAFieldUpIsLinear() {
        expectLinear { text in
            let fields: HeaderFields = [(text, "a"), ("Host", text)]
            #expect(fields[text] == "a")
            #expect(fields.count(of: text) == 1)
            #expect(fields.contains("Accept") == false)
        }
    }

    @Test func comparingFieldsIsLinear() {
        expectLinear { text in
            let fields: HeaderFields = [("Host", text)]
            let other: HeaderFields = [("hOST", text)]
            #expect(fields == other)
        }
    }

    @Test func comparingHostAndAuthorityIsLinear() {
        expectLinear { text in
            let host = String(repeating: "a", count: text.utf8.count)
            let target = RequestTarget(parsing: Array("http://\(host)/".utf8)[...])
            let check = FramingCheck(
                method: "GET", target: target, version: "HTTP/1.1", headers: [("Host", text)])
            #expect(check.refusal == .invalidTarget)
        }
    }

    @Test func fieldsThatLookTheSameAreTwo() {
        let one: HeaderFields = [("A", "\u{e9}")]
        let two: HeaderFields = [("A", "e\u{301}")]
        #expect(one != two)
    }

    /// KELVIN SIGN is a `k` in Unicode's lower case, and `chunKed` no coding.
    @Test func onlyLettersOfASCIIAreFolded() {
        let fields: HeaderFields = [("Host", "x"), ("Transfer-Encoding", "chun\u{212A}ed")]
        let check = FramingCheck(
            method: "POST", target: RequestTarget(parsing: Array("/".utf8)[...]),
            version: "HTTP/1.1", headers: fields)
        #expect(check.refusal == .invalidTransferEncoding)
        let hosts = FramingCheck(
            method: "GET", target: RequestTarget(parsing: Array("http://k/".utf8)[...]),
            version: "HTTP/1.1", headers: [("Host", "\u{212A}")])
        #expect(hosts.refusal == .invalidTarget)
    }
}
