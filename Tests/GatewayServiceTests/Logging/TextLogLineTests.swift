import Logging
import Testing

@testable import GatewayService

@Suite struct TextLogLineTests {
    private func line(_ message: String, _ metadata: Logger.Metadata = [:], _ level: Logger.Level = .info) -> String {
        let record = LogRecord(
            time: "2026-01-31T12:00:00.000Z", level: level, label: "test", message: message, metadata: metadata)
        return String(decoding: LogFormat.text.line(record), as: UTF8.self)
    }

    @Test func timeLevelMessageAndSortedMetadata() {
        #expect(
            line("listening", ["port": "8080", "host": "127.0.0.1"])
                == "2026-01-31T12:00:00.000Z info     listening host=127.0.0.1 port=8080\n")
        #expect(line("ready", [:], .critical) == "2026-01-31T12:00:00.000Z critical ready\n")
    }

    @Test(
        "Values that would run into their neighbours are quoted",
        arguments: [
            ("plain", "plain"), ("two words", "\"two words\""), ("", "\"\""), ("a=b", "\"a=b\""),
            ("say \"hi\"", "\"say \\\"hi\\\"\""), ("a\\b", "\"a\\\\b\""), ("line\nfeed", "\"line\\nfeed\""),
            ("Ünï", "Ünï"), ("\u{1B}[2J", "\"\\u001b[2J\""),
        ])
    func quoting(value: String, expected: String) {
        #expect(line("m", ["k": .string(value)]).hasSuffix("m k=\(expected)\n"))
    }

    @Test func nestedMetadata() {
        let metadata: Logger.Metadata = ["list": ["a", "b c"], "map": ["y": "2", "x": .stringConvertible(1)]]
        #expect(line("m", metadata).hasSuffix("m list=[a,\"b c\"] map={x=1,y=2}\n"))
    }

    @Test func messagesStayReadable() {
        #expect(line("it's C:\\x = \"y\"").hasSuffix("it's C:\\x = \"y\"\n"))
        #expect(line("a\r\nb\tc").hasSuffix("a\\r\\nb\\tc\n"))
    }
}
