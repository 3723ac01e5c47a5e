import ByteText
import MSNP
import Testing

@Suite struct TextSplitterTests {
    /// Clusters of one and many scalars, line ends, and some that fit no message.
    private static func text(_ generator: inout SeededGenerator) -> String {
        let pieces = [
            "a", " ", "\r\n", "\n", "é", "e\u{301}", "☕", "👨‍👩‍👧‍👦", "🇩🇪", "日", "\t", "한", "ᄒ\u{1161}\u{11AB}",
            "z" + String(repeating: "\u{301}", count: 20), "मनीष",
        ]
        var text = ""
        let count = Int.random(in: 1...3_000, using: &generator)
        for _ in 0..<count { text += pieces.randomElement(using: &generator) ?? "" }
        if Bool.random(using: &generator) {
            text += "x" + String(repeating: "\u{302}", count: Int.random(in: 700...2_000, using: &generator))
            text += "end"
        }
        return text
    }

    private static func format(_ generator: inout SeededGenerator) throws -> TextFormat? {
        switch UInt8.random(in: 0..<3, using: &generator) {
        case 0: nil
        case 1: try TextFormat(font: "Arial", isBold: true, color: TextColor("#123456"))
        default: try TextFormat(font: String(repeating: "☕", count: 31), isRightToLeft: true)
        }
    }

    @Test("Whatever the text", arguments: 1...8 as ClosedRange<UInt64>)
    func properties(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<12 {
            let text = try MessageText(validating: Self.text(&generator))
            let format = try Self.format(&generator)
            let parts = TextSplitter.split(text, format: format)
            #expect(parts.allSatisfy { $0.payload.count <= WireLimits.messagePayload }, "seed \(seed), \(round)")
            #expect(parts.flatMap { Array($0.text.utf8) } == Array(text.text.utf8), "seed \(seed), \(round)")
            #expect(parts.allSatisfy { !$0.text.isEmpty && $0.format == format })
            // What each part says comes back as it was.
            #expect(parts.allSatisfy { ChatText(MIMEPayload(parsing: $0.payload))?.text == $0.text })
            // Where a cut goes through a cluster, the cluster is larger than a message.
            var boundaries: Set<Int> = [0]
            var large: [Range<Int>] = []
            var offset = 0
            for cluster in text.text {
                let length = cluster.utf8.count
                if length > 900 { large.append(offset..<(offset + length)) }
                offset += length
                boundaries.insert(offset)
            }
            var cut = 0
            for part in parts {
                cut += part.text.utf8.count
                #expect(
                    boundaries.contains(cut) || large.contains { $0.contains(cut) }, "seed \(seed), \(round), \(cut)")
            }
        }
    }

    @Test("Parts are as long as they can be, and a line end is two bytes")
    func exact() throws {
        let room = WireLimits.messagePayload - ChatText("").payload.count
        let fits = try MessageText(validating: String(repeating: "a", count: room))
        #expect(TextSplitter.split(fits).map(\.payload.count) == [WireLimits.messagePayload])
        let more = try MessageText(validating: fits.text + "b")
        #expect(TextSplitter.split(more).map(\.text) == [fits.text, "b"])
        let lines = try MessageText(validating: String(repeating: "a", count: room - 1) + "\nb")
        #expect(TextSplitter.split(lines).map(\.text) == [String(repeating: "a", count: room - 1), "\nb"])
    }

    @Test("The longest text takes no more messages than it must")
    func longest() throws {
        let text = try MessageText(validating: String(repeating: "é", count: 32 * 1024))
        let room = WireLimits.messagePayload - ChatText("").payload.count
        #expect(TextSplitter.split(text).count == (65_536 + room - 1) / room)
    }
}
