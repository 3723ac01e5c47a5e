import Foundation
import GatewayService
import Testing

@Suite struct StateDirectoryTests {
    @Test func isMadeForTheOwnerAlone() throws {
        let directory = try ScratchDirectory()
        let path = directory.path + "/a/state"
        try StateDirectory.prepare(path)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o700)
        #expect(attributes[.type] as? FileAttributeType == .typeDirectory)
        // A second start finds it.
        try StateDirectory.prepare(path)
    }

    @Test func aFileIsNone() throws {
        let directory = try ScratchDirectory()
        let path = try directory.write("file", "")
        let error = #expect(throws: SettingsError.self) { try StateDirectory.prepare(path) }
        #expect(error?.key == "stateDirectory")
        #expect(error?.exitCode == 78)
    }
}
