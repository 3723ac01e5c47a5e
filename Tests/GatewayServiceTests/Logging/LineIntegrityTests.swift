import Foundation
import Logging
import Testing

@testable import GatewayService

/// Nothing that is logged can end a line, begin one, or steer the terminal.
@Suite struct LineIntegrityTests {
    /// Everything that some reader of lines or some terminal takes for more than a character.
    static let breakers: [String] =
        (Array(0x00...0x1F) + Array(0x7F...0x9F) + [0x2028, 0x2029, 0x202E, 0x2066, 0x200F, 0x061C])
        .compactMap { Unicode.Scalar($0 as Int).map { String(Character($0)) } }
        + ["\r\n", "\"", "\\", "\\n", "\"}\n{\"level\":\"info\"", "\u{1B}]0;title\u{7}", "e\u{301}", "👩‍👩‍👧‍👧", "\u{10FFFF}"]

    /// The text at each place where a record has one.
    static func records(_ text: String) -> [LogRecord] {
        let places: [(inout LogRecord) -> Void] = [
            { $0.message = text }, { $0.label = text }, { $0.metadata = [text: "v"] },
            { $0.metadata = ["k": .string(text)] }, { $0.metadata = ["k": [.string(text)]] },
            { $0.metadata = ["k": [text: .string(text)]] },
        ]
        return places.map { place in
            var record = LogRecord(time: "2026-01-31T12:00:00.000Z", level: .info, label: "l", message: "m")
            place(&record)
            return record
        }
    }

    private func isOneLine(_ line: [UInt8]) -> Bool {
        guard line.last == UInt8(ascii: "\n"), let text = String(validating: line.dropLast(), as: UTF8.self) else {
            return false
        }
        return text.unicodeScalars.allSatisfy { !LogText.isUnsafe($0) }
            && text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    }

    @Test(arguments: breakers)
    func oneLineEach(breaker: String) {
        for record in Self.records("a\(breaker)b") {
            for format in LogFormat.allCases { #expect(isOneLine(format.line(record))) }
        }
    }

    @Test("JSON gives back exactly what was logged", arguments: breakers)
    func jsonRoundTrip(breaker: String) throws {
        var record = LogRecord(time: "t", level: .info, label: "l", message: "a\(breaker)b")
        record.metadata = ["k": .string(breaker)]
        let line = Data(LogFormat.json.line(record))
        let object = try #require(try JSONSerialization.jsonObject(with: line) as? [String: String])
        // Scalars, because strings are equal when they only look the same.
        #expect(object["message"].map { Array($0.unicodeScalars) } == Array(record.message.unicodeScalars))
        #expect(object["k"].map { Array($0.unicodeScalars) } == Array(breaker.unicodeScalars))
    }

    @Test func randomTexts() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let scalars = (0..<Int.random(in: 1...20, using: &generator)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...0x2100, using: &generator))
            }
            let text = String(String.UnicodeScalarView(scalars))
            for record in Self.records(text) {
                for format in LogFormat.allCases {
                    #expect(isOneLine(format.line(record)), "\(scalars.map(\.value))")
                }
            }
        }
    }
}
