import Foundation
import Testing

@testable import GatewayService

/// Files that are read up to a limit.
@Suite(.timeLimit(.minutes(5))) struct FileReaderTests {
    /// Beyond the room that is made for what says nothing of its size.
    private static let long = (0..<10_000).map { UInt8($0 % 251) }

    @Test("A file is read up to the limit", arguments: [0, 1, 4_095, 4_096, 9_999, 10_000, 10_001, 1 << 30])
    func limits(_ limit: Int) throws {
        let path = FileManager.default.temporaryDirectory.path + "/msnp-gateway-" + UUID().uuidString
        try Data(Self.long).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let bytes = try FileReader.read(path, upTo: limit)
        #expect(bytes == Array(Self.long.prefix(limit)))
        // Where a start may keep it.
        #expect(bytes.capacity <= 2 * max(Self.long.count, 4_096), "room for what is there")
    }

    @Test(
        "What says nothing of its size is read up to the limit",
        arguments: [0, 1, 4_096, 4_097, 9_999, 10_000, 1 << 30])
    func pipes(_ limit: Int) throws {
        let pipe = Pipe()
        // Less than a pipe holds.
        try pipe.fileHandleForWriting.write(contentsOf: Data(Self.long))
        try pipe.fileHandleForWriting.close()
        let bytes = try FileReader.read(pipe.fileHandleForReading.fileDescriptor, upTo: limit)
        #expect(bytes == Array(Self.long.prefix(limit)))
        #expect(bytes.capacity <= 4 * Self.long.count)
    }
}
