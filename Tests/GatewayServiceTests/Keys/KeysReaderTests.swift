import Foundation
import Gateway
import Glibc
import Testing

@testable import GatewayService

@Suite struct KeysReaderTests {
    @Test("The gateway believes its own user's file alone; root looks after those of whose the directory is")
    func trust() {
        #expect(KeysReader.gateway.trusts(owner: 7, inDirectoryOf: 7, as: 7))
        #expect(!KeysReader.gateway.trusts(owner: 7, inDirectoryOf: 7, as: 0))
        #expect(!KeysReader.gateway.trusts(owner: 8, inDirectoryOf: 7, as: 7))
        #expect(!KeysReader.gateway.trusts(owner: 0, inDirectoryOf: 7, as: 7))
        #expect(KeysReader.administrator.trusts(owner: 7, inDirectoryOf: 7, as: 0))
        #expect(KeysReader.administrator.trusts(owner: 0, inDirectoryOf: 7, as: 0))
        #expect(!KeysReader.administrator.trusts(owner: 8, inDirectoryOf: 7, as: 0))
        #expect(!KeysReader.administrator.trusts(owner: 8, inDirectoryOf: 8, as: 7))
        #expect(KeysReader.gateway.trustsDirectory(of: 7, as: 7))
        #expect(KeysReader.gateway.trustsDirectory(of: 0, as: 7))
        #expect(!KeysReader.gateway.trustsDirectory(of: 7, as: 0))
        #expect(!KeysReader.gateway.trustsDirectory(of: 8, as: 7))
        #expect(KeysReader.administrator.trustsDirectory(of: 7, as: 0))
        #expect(!KeysReader.administrator.trustsDirectory(of: 8, as: 7))
    }

    @Test(
        "A gateway of root refuses a file or directory of another user, and says whose it is",
        .enabled(if: geteuid() == 0, "needs root, who alone can give files away"))
    func anotherUser() throws {
        let scratch = try ScratchDirectory()
        let state = scratch.path + "/state"
        let keys = try KeyAdministration(state: state, environment: [:])
        try keys.makeDirectory()
        _ = try keys.add(#require(APIKeyName("bot")), isAdmin: false)
        #expect(chown(state + "/keys.json", 12_345, 12_345) == 0)
        let error = #expect(throws: APIKeySourceError.self) { try KeysFile(directory: state).read() }
        #expect(error?.description.contains("user 12345") == true)
        #expect(throws: KeysError.self) { try keys.list() }
        #expect(chown(state, 12_345, 12_345) == 0)
        #expect(try keys.list().count == 1)
        let refused = #expect(throws: SettingsError.self) { try StateDirectory.prepare(state) }
        #expect(refused?.description.contains("user 12345") == true)
    }

    @Test("A link that leads out of the directory is refused, one within it is followed")
    func links() throws {
        let scratch = try ScratchDirectory()
        for directory in ["state", "elsewhere"] {
            let keys = try KeyAdministration(state: scratch.path + "/" + directory, environment: [:])
            try keys.makeDirectory()
            _ = try keys.add(#require(APIKeyName(directory)), isAdmin: false)
        }
        let state = scratch.path + "/state"
        #expect(rename(state + "/keys.json", state + "/..2026.json") == 0)
        #expect(symlink("..2026.json", state + "/keys.json") == 0)
        #expect(try KeysFile(directory: state).read()?.list.keys.map(\.name.text) == ["state"])
        #expect(unlink(state + "/keys.json") == 0)
        #expect(symlink(scratch.path + "/elsewhere/keys.json", state + "/keys.json") == 0)
        let error = #expect(throws: APIKeySourceError.self) { try KeysFile(directory: state).read() }
        #expect(error?.description.contains("link") == true)
        // The directory itself may be one.
        #expect(symlink(scratch.path + "/elsewhere", scratch.path + "/linked") == 0)
        #expect(
            try KeysFile(directory: scratch.path + "/linked").read()?.list.keys.map(\.name.text) == ["elsewhere"])
    }
}
