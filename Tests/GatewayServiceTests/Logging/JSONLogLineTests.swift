import Foundation
import Logging
import Testing

@testable import GatewayService

@Suite struct JSONLogLineTests {
    private func line(_ message: String, _ metadata: Logger.Metadata = [:]) -> [UInt8] {
        let record = LogRecord(
            time: "2026-01-31T12:00:00.000Z", level: .notice, label: "test", message: message, metadata: metadata)
        return LogFormat.json.line(record)
    }

    private func object(_ line: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
    }

    @Test func membersInOrder() {
        #expect(
            String(decoding: line("listening", ["url": "http://[::1]:80", "b": "x\"y"]), as: UTF8.self)
                == #"{"time":"2026-01-31T12:00:00.000Z","level":"notice","label":"test","message":"listening","#
                + #""b":"x\"y","url":"http://[::1]:80"}"# + "\n")
    }

    @Test func nestedMetadata() throws {
        let object = try object(line("m", ["list": ["a", ["deep": "x"]], "map": ["n": .stringConvertible(7)]]))
        let list = try #require(object["list"] as? [Any])
        #expect(list.first as? String == "a")
        #expect(list.last as? [String: String] == ["deep": "x"])
        #expect(object["map"] as? [String: String] == ["n": "7"])
    }

    @Test("Metadata can't take the place of the line's own members, nor of other metadata")
    func reservedNames() throws {
        let line = line("real", ["message": "1", "message_": "2", "level": "3", "messages": "4"])
        let object = try object(line)
        #expect(object["message"] as? String == "real")
        #expect(object["level"] as? String == "notice")
        #expect(object["message_"] as? String == "1")
        #expect(object["message__"] as? String == "2")
        #expect(object["level_"] as? String == "3")
        #expect(object["messages"] as? String == "4")
        #expect(object.count == 8)
    }
}
