import Foundation
import Gateway
import GatewayService
import Glibc
import Testing

/// `keys.json` on a real file system.
@Suite(.timeLimit(.minutes(5))) struct KeysFileTests {
    private let scratch: ScratchDirectory
    private let state: String
    private let keys: KeyAdministration

    init() throws {
        scratch = try ScratchDirectory()
        state = scratch.path + "/state"
        keys = try KeyAdministration(state: state, environment: [:])
        try keys.makeDirectory()
    }

    private var file: KeysFile { KeysFile(directory: state) }

    private func name(_ text: String) throws -> APIKeyName { try #require(APIKeyName(text)) }

    private func mode(_ path: String) throws -> Int? {
        (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
    }

    private func names() throws -> [String] { try file.read()?.list.keys.map(\.name.text) ?? [] }

    @Test("Everything is its owner's alone")
    func modes() throws {
        _ = try keys.add(name("bot"), isAdmin: false)
        #expect(try mode(state) == 0o700)
        for file in try FileManager.default.contentsOfDirectory(atPath: state) {
            #expect(try mode(state + "/" + file) == 0o600, "\(file)")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: state).sorted() == ["keys.json", "keys.lock"])
    }

    @Test("A file that others could read or change is refused, with what to do", arguments: [0o644, 0o620, 0o604])
    func openModes(mode: mode_t) throws {
        _ = try keys.add(name("bot"), isAdmin: false)
        #expect(chmod(state + "/keys.json", mode) == 0)
        let error = #expect(throws: APIKeySourceError.self) { try file.read() }
        #expect(error?.description.contains("chmod 600") == true)
        #expect(error?.description.contains("keys.json") == true)
        #expect(throws: KeysError.self) { try keys.add(name("other"), isAdmin: false) }
        #expect(throws: KeysError.self) { try keys.list() }
        #expect(chmod(state + "/keys.json", 0o600) == 0)
        #expect(try names() == ["bot"])
    }

    @Test("What is no list of keys is refused and stays as it is")
    func malformed() throws {
        let path = state + "/keys.json"
        for text in ["", "{", String(repeating: " ", count: 3 << 20)] {
            try Data(text.utf8).write(to: URL(filePath: path))
            #expect(chmod(path, 0o600) == 0)
            #expect(throws: APIKeySourceError.self) { try file.read() }
            let error = #expect(throws: KeysError.self) { try keys.add(name("bot"), isAdmin: false) }
            #expect(error?.exitCode == 78)
            // Foundation leaks a page whenever it reads an empty file.
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int == text.utf8.count)
        }
    }

    @Test("What is no file does not hold anybody up")
    func noFile() throws {
        #expect(mkfifo(state + "/keys.json", 0o600) == 0)
        #expect(throws: APIKeySourceError.self) { try file.read() }
        #expect(unlink(state + "/keys.json") == 0)
        #expect(mkdir(state + "/keys.json", 0o700) == 0)
        #expect(throws: APIKeySourceError.self) { try file.read() }
    }

    @Test("What an interrupted change left behind is in nobody's way")
    func leftovers() throws {
        try scratch.write("state/keys.json.new", "half of")
        _ = try keys.add(name("bot"), isAdmin: false)
        #expect(try names() == ["bot"])
        #expect(!FileManager.default.fileExists(atPath: state + "/keys.json.new"))
        #expect(try mode(state + "/keys.json") == 0o600)
    }

    @Test("A directory in which the file can't be replaced is said to be one, and nothing is lost")
    func unwritable() throws {
        _ = try keys.add(name("bot"), isAdmin: false)
        #expect(mkdir(state + "/keys.json.new", 0o700) == 0)
        let error = #expect(throws: KeysError.self) { try keys.revoke(name("bot")) }
        #expect(error?.description.contains("keys.json.new") == true)
        #expect(try names() == ["bot"])
    }

    @Test("Changes at the same time all count")
    func concurrency() async throws {
        let keys = keys
        let added = try await withThrowingTaskGroup(of: [String].self) { group in
            for worker in 0..<6 {
                group.addTask {
                    try (0..<5).map { number in
                        let name = try #require(APIKeyName("key-\(worker)-\(number)"))
                        return try keys.add(name, isAdmin: false).text
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(added).count == 30)
        #expect(try Set(names()).count == 30)
    }

    @Test("Every change gives another stamp, and a reading has that of what it read")
    func stamps() throws {
        #expect(file.stamp() == APIKeyStamp())
        #expect(try file.read() == nil)
        var seen = [file.stamp()]
        // The same length each time.
        for _ in 0..<5 {
            _ = try keys.add(name("bot"), isAdmin: false)
            #expect(try file.read()?.stamp == file.stamp())
            seen.append(file.stamp())
            try keys.revoke(name("bot"))
            seen.append(file.stamp())
        }
        for (before, after) in zip(seen, seen.dropFirst()) { #expect(before != after) }
        let before = file.stamp()
        #expect(chmod(state + "/keys.json", 0o640) == 0)
        #expect(file.stamp() != before, "a change of the mode is one")
    }

    @Test("The list has names, scopes and times, and no hash")
    func listing() throws {
        #expect(try keys.list().isEmpty)
        let bot = try keys.add(name("bot"), isAdmin: false)
        _ = try keys.add(name("operator"), isAdmin: true)
        let lines = try keys.list()
        #expect(lines.count == 2)
        #expect(lines[0].contains(/^bot       -      \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/))
        #expect(lines[1].contains(/^operator  admin  \d{4}-/))
        let kept = try String(contentsOfFile: state + "/keys.json", encoding: .utf8)
        let hash = try #require(kept.firstMatch(of: /[0-9a-f]{64}/)).output
        #expect(!lines.joined().contains(hash))
        #expect(!kept.contains(bot.text.dropFirst(4)))
    }
}
