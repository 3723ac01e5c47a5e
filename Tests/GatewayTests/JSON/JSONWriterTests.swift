import Foundation
import Testing

@testable import Gateway

@Suite struct JSONWriterTests {
    private func written(isIndented: Bool = false, _ body: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter(isIndented: isIndented)
        body(&json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test("Objects in lists in objects: commas between, and nowhere else")
    func nesting() {
        let text = written { json in
            json.object { json in
                json.member("a", [[Int]]())
                json.member("b") { json in json.object { _ in } }
                json.member("c", String?.none)
                json.member("d", [[1, -2], [], [3]])
                json.member("e") { json in
                    json.list { json in
                        json.item(encoded: Array(#"{"x":1}"#.utf8))
                        json.item(true)
                        json.item("z")
                    }
                }
                json.member("\"f\n", UInt64.max)
            }
        }
        #expect(text == #"{"a":[],"b":{},"d":[[1,-2],[],[3]],"e":[{"x":1},true,"z"],"\"f\n":18446744073709551615}"#)
    }

    @Test("With lines for people")
    func indented() {
        let text = written(isIndented: true) { json in
            json.object { json in
                json.member("a", [1, 2])
                json.member("b") { json in json.object { json in json.member("c", "d") } }
            }
        }
        #expect(text == "{\n  \"a\" : [\n    1,\n    2\n  ],\n  \"b\" : {\n    \"c\" : \"d\"\n  }\n}")
    }

    @Test("What Foundation reads is what was written, whatever the text")
    func anyText() throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<300 {
            let scalars = (0..<Int.random(in: 0...30, using: &generator)).compactMap { _ in
                Unicode.Scalar(
                    UInt32.random(in: 0...(Bool.random(using: &generator) ? 0x80 : 0x10FFFF), using: &generator))
            }
            let text = String(String.UnicodeScalarView(scalars))
            for escapesToo in [nil, { $0.value % 3 == 0 || $0.value > 0xFFFF }]
                as [(@Sendable (Unicode.Scalar) -> Bool)?]
            {
                var json = JSONWriter(escapesToo: escapesToo)
                json.object { json in json.member(text, text) }
                let read = try #require(
                    try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: String])
                let (name, value) = try #require(read.first)
                #expect(Array(name.unicodeScalars) == scalars && Array(value.unicodeScalars) == scalars)
                // Foundation writes the same bytes; its own writer knows no other escapes.
                if escapesToo == nil {
                    let encoder = JSONEncoder()
                    encoder.outputFormatting = .withoutEscapingSlashes
                    #expect(try Array(encoder.encode([text: text])) == json.bytes)
                }
            }
        }
    }

    @Test("What is kept has the same bytes")
    func kept() {
        var json = JSONWriter(capacity: 4_096)
        json.string("x")
        #expect(json.kept() == json.bytes)
        #expect(json.kept().capacity < 128)
        // Small room behind them is not worth a copy.
        let room = json.bytes.capacity - json.bytes.count
        #expect(json.kept(wasting: room - 1).capacity < 128)
        #expect(json.kept(wasting: room).capacity == json.bytes.capacity)
    }
}
