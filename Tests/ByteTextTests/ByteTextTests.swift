import ByteText
import Testing

@Suite("Text by its bytes")
struct ByteTextTests {
    @Test("One character in one and in two scalars are two texts")
    func canonicallyEquivalent() {
        #expect("\u{E9}" == "e\u{301}")
        #expect(ByteText("\u{E9}") != ByteText("e\u{301}"))
        #expect(ByteText("\u{E9}") == ByteText("\u{E9}"))
        #expect(FoldedText("\u{E9}") != FoldedText("e\u{301}"))
        #expect(Set([ByteText("\u{E9}"), ByteText("e\u{301}"), ByteText("\u{E9}")]).count == 2)
        #expect(!ASCII.equals("\u{E9}", "e\u{301}"))
        #expect(!ASCII.equalsFolded("\u{E9}", "e\u{301}"))
    }

    @Test("A to Z are folded, and nothing else")
    func folding() {
        #expect(FoldedText("Content-TYPE") == "content-type")
        #expect(FoldedText("\u{212A}elvin") != "kelvin")
        #expect(FoldedText("\u{C4}") != "\u{E4}")
        #expect(FoldedText("[@`{") == "[@`{")
        #expect(FoldedText("[") != "{")
        #expect(ASCII.equalsFolded("Bob@Example.COM", "bOB@eXAMPLE.com"))
    }

    @Test("Texts sort by their bytes")
    func sorting() {
        // U+FF5E comes before U+1F600 by its scalar and by its UTF-8 bytes, not by UTF-16 units.
        #expect(
            [ByteText("\u{1F600}"), "\u{FF5E}", "b", "ab", "a"].sorted() == ["a", "ab", "b", "\u{FF5E}", "\u{1F600}"])
    }

    @Test("Bytes are ordered as they are, in one piece and in several, and what is shorter comes first")
    func order() {
        let texts: [[UInt8]] = [[], [0], [0, 0], [0x61], [0x61, 0x62], [0x61, 0x7F], [0x80], [0xFF]]
        for (place, one) in texts.enumerated() {
            for (other, bytes) in texts.enumerated() {
                let expected = (place - other).signum()
                #expect(ByteOrder.compare(one, bytes).signum() == expected)
                #expect(ByteOrder.compare(one.lazy.map { $0 }, bytes).signum() == expected)
            }
        }
    }

    @Test("Comparing, hashing and folding combining marks is linear", arguments: [1, 4, 16, 64])
    func linear(kilobytes: Int) {
        let marks = "a" + String(repeating: "\u{301}\u{323}", count: kilobytes * 256)
        let bytes = marks.utf8.count
        let work = TextWork.bytes {
            let text = ByteText(marks)
            _ = text == ByteText(marks)
            _ = text < ByteText(marks)
            _ = [text: 1][ByteText(marks)]
            _ = FoldedText(marks)
        }
        // Equal, less, two hashes and the equality behind the second, folded.
        #expect(work == 6 * bytes)
    }
}
