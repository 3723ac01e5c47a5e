import Foundation
import Glibc
import TestSupport
import Testing

/// The built executable as a process, with what it says line by line.
final class GatewayProcess: Sendable {
    private let child: ChildProcess
    private let lines = Recorder<String>()
    private let ended = Recorder<Int32>()

    /// The environment is this process's, without settings, and what is given.
    init(_ arguments: [String], environment: [String: String] = [:]) throws {
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("MSNP_GATEWAY_") }
        let splitter = LineSplitter()
        child = try ChildProcess(
            Self.executable(), arguments, environment: inherited.merging(environment) { $1 },
            output: { [lines] bytes in
                for line in splitter.lines(bytes) { lines.record(line) }
            },
            ended: { [ended] code in ended.record(code) })
    }

    /// Beside the test bundle, where the build has put both.
    private static func executable() throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let path = URL(filePath: tests).deletingLastPathComponent().appending(path: "msnp-gateway").path
        try #require(FileManager.default.isExecutableFile(atPath: path), "\(path) is not built")
        return path
    }

    var identifier: Int32 { child.identifier }

    /// The exit code, once all output has been read; the negative signal when one ended it.
    func exitCode() async throws -> Int32 { try await ended.first { _ in true } }

    /// All lines of standard error and standard output, as they came, once there can be no more.
    func allLines() async throws -> [String] {
        _ = try await exitCode()
        return lines.all
    }

    /// The first line that has this in it, among those that are there and those to come.
    func line(containing text: String) async throws -> String { try await lines.first { $0.contains(text) } }

    /// The HTTP port, once it is said.
    func port() async throws -> Int {
        let line = try await line(containing: "\"message\":\"listening\"")
        let match = try #require(line.firstMatch(of: /"url":"http:\/\/127\.0\.0\.1:(\d+)"/))
        return try #require(Int(match.1))
    }

    func signal(_ signal: Int32) { child.signal(signal) }

    deinit { child.signal(SIGKILL) }
}
