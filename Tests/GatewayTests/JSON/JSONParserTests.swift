import Digests
import Foundation
import Testing

@testable import Gateway

/// The cases are named as in the JSON test suite of "Parsing JSON is a minefield": `y_` has to be taken, `n_` refused.
@Suite struct JSONParserTests {
    @Test(
        "What RFC 8259 describes is taken",
        arguments: [
            ("{}", .object([:])), (" \t\r\n[ ]\n", .array([])), ("null", .null), ("true", .bool(true)),
            (
                "[false,-0,0.5,-1e3,1E+2,2e-1]",
                .array([.bool(false), .number(0), .number(0.5), .number(-1000), .number(100), .number(0.2)])
            ),
            (#"{"a":{"a":[1]},"b":""}"#, .object(["a": .object(["a": .array([.number(1)])]), "b": .string("")])),
            (#""\"\\\/\b\f\n\r\t\u0041\u00e9\uD83D\uDE00""#, .string("\"\\/\u{8}\u{C}\n\r\tAé😀")),
            (#""é😀 \u0000""#, .string("é😀 \0")), (#""\uFFFF\uDBFF\uDFFF""#, .string("\u{FFFF}\u{10FFFF}")),
            ("\"\u{7F}\u{2028}\"", .string("\u{7F}\u{2028}")),
        ] as [(String, JSONValue)])
    func taken(text: String, value: JSONValue) throws {
        #expect(try JSONParser.parse(Array(text.utf8)) == value)
    }

    @Test(
        "What it does not describe is refused",
        arguments: [
            "", " ", "{", "[", "\"", "[1,]", #"{"a":1,}"#, "[,1]", "[1 2]", #"{"a" 1}"#, "{a:1}", #"{1:1}"#, "{,}",
            "[1]]",
            "{}{}", "nul", "True", "NaN", "Infinity", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x1", "1e999", "'a'",
            "\"\n\"", "\"\t\"", "\"\u{0}\"", #""\x""#, #""\u12""#, #""\u12G4""#, #""\uD800""#, #""\uDC00""#,
            #""\uD800\uD800""#, #""\uD800x""#, "\u{FEFF}{}", "{}\u{FEFF}", "\u{C}{}", "\u{A0}{}", "[1]//", "/**/1",
            "\u{0}",
            "{}\u{0}",
        ])
    func refused(text: String) {
        #expect(throws: JSONSyntaxError.malformed) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test(
        "Other encodings and broken UTF-8 are refused",
        arguments: [
            [0xFE, 0xFF, 0x00, 0x7B, 0x00, 0x7D], [0x7B, 0x00, 0x7D, 0x00], [0x7B, 0, 0, 0, 0x7D, 0, 0, 0],
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xE9, 0x22],
            [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],
        ] as [[UInt8]])
    func encodings(bytes: [UInt8]) {
        #expect(throws: JSONSyntaxError.malformed) { try JSONParser.parse(bytes) }
    }

    @Test(
        "A name that is given twice is refused with the place",
        arguments: [
            (#"{"a":1,"a":1}"#, "/a"), (#"{"a":1,"\u0061":2}"#, "/a"), (#"{"b":[{},{"x/y":1,"x/y":2}]}"#, "/b/1/x~1y"),
            (#"{"":1,"":2}"#, "/"),
        ])
    func duplicates(text: String, pointer: String) {
        #expect(throws: JSONSyntaxError.duplicate(pointer)) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test func depth() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)).utf8)
        }
        #expect(throws: Never.self) { try JSONParser.parse(nested(JSONParser.deepest)) }
        #expect(throws: JSONSyntaxError.tooDeep) { try JSONParser.parse(nested(JSONParser.deepest + 1)) }
        #expect(throws: JSONSyntaxError.tooDeep) {
            try JSONParser.parse([UInt8](repeating: UInt8(ascii: "["), count: GatewayLimits.body))
        }
    }

    @Test("Members and items, names and numbers have a number and a length")
    func bounds() throws {
        func list(_ count: Int) -> [UInt8] {
            Array(("[" + [String](repeating: "0", count: count).joined(separator: ",") + "]").utf8)
        }
        #expect(throws: Never.self) { try JSONParser.parse(list(JSONParser.mostValues)) }
        #expect(throws: JSONSyntaxError.tooMany) { try JSONParser.parse(list(JSONParser.mostValues + 1)) }
        // All levels count together.
        let lists = "[" + [String](repeating: "[0,0,0]", count: JSONParser.mostValues / 4).joined(separator: ",") + "]"
        #expect(throws: Never.self) { try JSONParser.parse(Array(lists.utf8)) }
        #expect(throws: JSONSyntaxError.tooMany) { try JSONParser.parse(Array("[\(lists)]".utf8)) }

        let name = String(repeating: #"\u00e9"#, count: MemberName.longest / 2)
        #expect(throws: Never.self) { try JSONParser.parse(Array(#"{"\#(name)":0}"#.utf8)) }
        #expect(throws: JSONSyntaxError.nameTooLong("/a/0")) {
            try JSONParser.parse(Array(#"{"a":[{"\#(name)x":0}]}"#.utf8))
        }

        let digits = String(repeating: "1", count: JSONParser.longestNumber - 2)
        #expect(throws: Never.self) { try JSONParser.parse(Array("0.\(digits)".utf8)) }
        #expect(throws: JSONSyntaxError.numberTooLong) { try JSONParser.parse(Array("-0.\(digits)".utf8)) }
    }

    @Test("What Foundation writes is read back as the same")
    func foundation() throws {
        let text = String(String.UnicodeScalarView((0..<0x3000).compactMap(Unicode.Scalar.init)))
        let bytes = try JSONEncoder().encode(["text": text])
        #expect(try JSONParser.parse(Array(bytes)) == .object(["text": .string(text)]))
    }

    @Test("The API refuses them with 400, and names what is given twice")
    func bodies() async throws {
        let harness = try await GatewayHarness.withSandbox()
        for body in [#"{"account":"alice@example.com","password":"sandbox",}"#, "\u{FEFF}{}", "[]", "{}x"] {
            let answer = await harness.call("POST", "/v1/sessions", json: body)
            #expect(answer.status == 400)
            #expect(answer.code == "invalid-request")
        }
        let twice = await harness.call(
            "POST", "/v1/sessions",
            json: #"{"account":"alice@example.com","password":"sandbox","password":"wrong"}"#)
        #expect(twice.status == 400)
        #expect(try twice.string("errors", "0", "pointer") == "/password")
        #expect(!twice.text.contains("wrong"))
        try await harness.stop()
    }

    @Test(
        "The string of a secret member is nowhere but in the secret",
        arguments: [
            (#"{"p":"sesame","q":"x"}"#, "sesame"), (#"{"q":"x","p":"\"\u00e9\n\ud83d\ude00"}"#, "\"é\n😀"),
            (#"{"p":""}"#, ""),
            (#"{"p":7}"#, nil), (#"{"o":{"p":"inner"}}"#, nil), (#"["p","x"]"#, nil), (#"{"pp":"p"}"#, nil),
        ])
    func secret(text: String, secret: String?) throws {
        let (value, found) = try JSONParser.parse(Array(text.utf8), secret: "p")
        #expect(found?.withBytes { span in span.indices.map { span[$0] } } == secret.map { Array($0.utf8) })
        guard secret != nil else {
            #expect(try value == JSONParser.parse(Array(text.utf8)))
            return
        }
        #expect(value["p"] == .string(""))
        #expect(throws: JSONSyntaxError.self) { try JSONParser.parse(Array(text.utf8.dropLast()), secret: "p") }
        #expect(throws: JSONSyntaxError.duplicate("/p")) {
            try JSONParser.parse(Array((text.dropLast() + #","p":"x"}"#).utf8), secret: "p")
        }
    }
}
