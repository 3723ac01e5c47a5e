import Foundation
import Testing

@testable import GatewayService

/// What is said of the state, and what of it can't be meant so.
@Suite struct StateSettingsTests {
    private let scratch: ScratchDirectory
    private let key: String

    init() throws {
        scratch = try ScratchDirectory()
        key = try scratch.write("key", "x")
    }

    @Test("A key without a directory has nothing to seal, whoever names it")
    func keyWithoutDirectory() throws {
        let flags: (inout ServeFlags) -> Void = {
            $0.sandbox = .alone
            $0.stateKey = key
        }
        for error in [
            try complaint(flags), try complaint(environment: ["MSNP_GATEWAY_STATE_KEY": key]),
            try complaint(file: "stateKey: \(key)\nsandbox: {enabled: true}"),
        ] {
            #expect(error?.exitCode == 78)
            #expect(error?.key == "stateKey")
            #expect(error.map { "\($0)".contains("--state") } == true)
        }
        // What the service manager lays out is there for whatever the unit does.
        #expect(try complaint(environment: ["CREDENTIALS_DIRECTORY": scratch.path]) == nil)
    }

    @Test(
        "A database is not bounded below what it needs",
        arguments: [("0", true), ("1", false), ("16777215", false), ("16777216", true), ("-1", false), ("+0", false)])
    func bytes(text: String, isTaken: Bool) throws {
        let environment = ["MSNP_GATEWAY_STATE_BYTES": text, "MSNP_GATEWAY_STATE_DIRECTORY": scratch.path]
        let error = try complaint(environment: environment)
        #expect((error == nil) == isTaken)
        guard let error else { return }
        #expect(error.exitCode == 78)
        #expect("\(error)".contains("MSNP_GATEWAY_STATE_BYTES"))
        #expect("\(error)".contains("16777216"))
    }

    @Test("Whoever keeps nothing where something was kept is told, and nothing of it is touched")
    func memoryOverDatabase() async throws {
        let directory = scratch.path + "/state"
        #expect(mkdir(directory, 0o700) == 0)
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--sandbox", "0", "--state", directory]
        let environment = ["MSNP_GATEWAY_STORE": "memory"]
        for isThere in [false, true] {
            if isThere { try Data("anything".utf8).write(to: URL(filePath: directory + "/state.db")) }
            let process = try GatewayProcess(arguments, environment: environment)
            _ = try await process.port()
            process.signal(SIGTERM)
            #expect(try await process.exitCode() == 0)
            let warnings = try await process.allLines().filter { $0.contains("\"level\":\"warning\"") }
            #expect(warnings.contains { $0.contains("state.db") } == isThere)
        }
        #expect(FileManager.default.contents(atPath: directory + "/state.db") == Data("anything".utf8))
    }
}
