import Foundation
import Logging
import Testing

@testable import GatewayService

@Suite struct LineLogHandlerTests {
    private struct Failure: Error, CustomStringConvertible {
        let description = "it broke"
    }

    private let directory: ScratchDirectory
    private let path: String
    private let file: FileHandle
    private let output: LineOutput

    init() throws {
        directory = try ScratchDirectory()
        path = try directory.write("log", "")
        file = try #require(FileHandle(forWritingAtPath: path))
        output = LineOutput(descriptor: file.fileDescriptor)
    }

    private func handler(provider: Logger.MetadataProvider? = nil) -> LineLogHandler {
        LineLogHandler(
            label: "test", threshold: LogThreshold(.info), format: .json, output: output, metadataProvider: provider)
    }

    private func lines() throws -> [[String: String]] {
        // All is written before anything that is said by itself.
        output.write([])
        return try Self.records(try Data(contentsOf: URL(filePath: path)))
    }

    private static func records(_ log: Data) throws -> [[String: String]] {
        try String(decoding: log, as: UTF8.self).split(separator: "\n").map { line in
            try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String])
        }
    }

    @Test("Levels are obeyed, and what is said closest to the call wins")
    func levelsAndMetadata() throws {
        let provider = Logger.MetadataProvider { ["a": "provided", "b": "provided"] }
        var logger = Logger(label: "test") { _ in handler(provider: provider) }
        logger[metadataKey: "a"] = "logger"
        logger[metadataKey: "c"] = "logger"
        logger.debug("unheard")
        logger.info("heard", metadata: ["b": "call"])
        logger.logLevel = .debug
        logger.debug("heard too")
        let lines = try lines()
        #expect(lines.map { $0["message"] } == ["heard", "heard too"])
        #expect(lines.first?["a"] == "provided")
        #expect(lines.first?["b"] == "call")
        #expect(lines.first?["c"] == "logger")
        #expect(lines.first?["label"] == "test")
    }

    @Test func theTimeIsRFC3339InUTCWithMilliseconds() throws {
        let before = Date.now
        Logger(label: "test") { _ in handler() }.notice("now")
        let time = try #require(try lines().first?["time"])
        #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
        let parsed = try Date(time, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        // Milliseconds are cut off.
        #expect(parsed.timeIntervalSince(before) > -0.001)
    }

    @Test func anErrorIsAMember() throws {
        let logger = Logger(label: "test") { _ in handler() }
        logger.error("failed", error: Failure())
        #expect(try lines().first?["error"] == "it broke")
    }

    @Test("Lines of many threads stay whole")
    func wholeLines() async throws {
        // Longer than what a pipe takes in one piece.
        let length = 10_000
        await withTaskGroup(of: Void.self) { group in
            for letter in "abcdefgh".utf8 {
                group.addTask {
                    let line = [UInt8](repeating: letter, count: length) + [UInt8(ascii: "\n")]
                    for _ in 0..<20 { output.write(line) }
                }
            }
        }
        let lines = try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 160)
        #expect(lines.allSatisfy { $0.utf8.count == length && Set($0.utf8).count == 1 })
    }

    @Test("Nobody waits for a reader that has stopped: what has no room is lost, and counted where it is missing")
    func stoppedReader() async throws {
        let pipe = Pipe()
        let output = LineOutput(descriptor: pipe.fileHandleForWriting.fileDescriptor)
        let text = String(repeating: "x", count: 1_000)
        let count = 4 * LineOutput.room / text.utf8.count
        // Would not come back if it waited.
        for number in 0..<count {
            output.post(LogRecord(time: "t", level: .info, label: "\(number)", message: text), as: .json)
        }
        var read = Data()
        var numbers: [Int] = []
        var lost = 0
        while numbers.count + lost < count {
            read += pipe.fileHandleForReading.availableData
            let end = try #require(read.lastIndex(of: UInt8(ascii: "\n"))) + 1
            for record in try Self.records(Data(read[..<end])) {
                if let lines = record["lines"] {
                    lost += try #require(Int(lines))
                } else {
                    numbers.append(try #require(record["label"].flatMap { Int($0) }))
                }
            }
            read = Data(read[end...])
        }
        #expect(lost > count / 4)
        #expect(numbers.count + lost == count)
        #expect(numbers == numbers.sorted() && numbers.first == 0)
        // And it goes on.
        output.post(LogRecord(time: "t", level: .info, label: "last", message: "there"), as: .json)
        #expect(try Self.records(pipe.fileHandleForReading.availableData).last?["message"] == "there")
    }

    @Test func aDescriptorThatRefusesIsSurvived() {
        LineOutput(descriptor: -1).write(Array("lost\n".utf8))
    }
}
