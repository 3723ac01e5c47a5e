import Foundation
import Glibc
import SQLiteStorage
import Storage
import TestSupport
import Testing

@testable import GatewayService

/// `msnp-gateway state` as a process, beside a store that is written to.
@Suite(.timeLimit(.minutes(5))) struct StateCommandTests {
    private let scratch: ScratchDirectory
    private let state: String

    init() throws {
        scratch = try ScratchDirectory()
        state = scratch.path + "/state"
        #expect(mkdir(state, 0o700) == 0)
    }

    /// Exit code and lines of `state …`.
    private func run(_ arguments: String...) async throws -> (code: Int32, lines: [String]) {
        let process = try GatewayProcess(["state"] + arguments, environment: ["MSNP_GATEWAY_STATE_DIRECTORY": state])
        return (try await process.exitCode(), try await process.allLines())
    }

    /// A store with a session, its token and three events.
    private func store() async throws -> SQLiteStore {
        let store = try SQLiteStore(SQLiteOptions(directory: state))
        let session = StoredSession(
            id: SessionID("Yk2vQ8Yk2vQ8Yk2v"), owner: nil, backend: "main", account: "alice@example.com",
            epoch: "abcdefgh",
            createdAt: 5,
            openedFrom: "::1", wantedStatus: "online", displayName: "Älice \"A\"")
        for number in 1...3 {
            let event = EncodedEvent(type: "typing", json: Array(#"{"seq":\#(number)}"#.utf8))
            _ = store.append(event, seq: UInt64(number), of: session.id, under: Tenure())
        }
        let token = StoredToken(session: session.id, digest: [UInt8](repeating: 0xAB, count: 32), used: 1)
        try await store.commit([.put(session), .put(token)], under: nil, .untilWritten)
        return store
    }

    @Test("A check, a backup and an export while the store is in use")
    func beside() async throws {
        let store = try await store()
        let checked = try await run("check")
        #expect(checked.code == 0)
        #expect(checked.lines.first == "3 events, 27 bytes of them")
        #expect(checked.lines.contains("records: 1 of session, 1 of token"))

        let exported = try await run("export")
        #expect(exported.code == 0)
        #expect(exported.lines.first?.contains(#""display_name":"Älice \"A\"""#) == true)
        #expect(
            exported.lines.contains(
                #"{"table":"event","session":"Yk2vQ8Yk2vQ8Yk2v","seq":2,"position":2,"event":{"seq":2}}"#))
        #expect(exported.lines.count == 5)
        for line in exported.lines { _ = try JSONSerialization.jsonObject(with: Data(line.utf8)) }

        let file = scratch.path + "/backup.db"
        #expect(try await run("backup", file).code == 0)
        let again = try await run("backup", file)
        #expect(again.code == 1)
        #expect(again.lines.first?.contains("can't be made") == true)
        await store.close()

        // What was copied is a state directory of its own.
        let other = scratch.path + "/other"
        #expect(mkdir(other, 0o700) == 0)
        try FileManager.default.moveItem(atPath: file, toPath: other + "/state.db")
        #expect(try await run("check", "--state", other).lines.first == "3 events, 27 bytes of them")
    }

    @Test("A directory that nobody used has nothing to look at, and one that is damaged is told")
    func mistakes() async throws {
        let none = try await run("check")
        #expect(none.code == 1)
        #expect(none.lines.first?.hasSuffix("state.db: there is no state yet") == true)
        #expect(try await run("check", "--state", scratch.path + "/nowhere").code == 78)
        let store = try await store()
        await store.close()
        #expect(truncate(state + "/state.db", 5_000) == 0)
        for command in ["check", "export"] {
            let damaged = try await run(command)
            #expect(damaged.code == 1)
            #expect(damaged.lines.first?.contains("is damaged") == true)
        }
    }

    @Test("Of a damaged database a check names each fault, an export has the rest, and a backup is none")
    func damaged() async throws {
        let store = try await store()
        for number in 4...200 {
            let text = #"{"seq":\#(number),"x":"\#(String(repeating: "x", count: 300))"}"#
            _ = store.append(
                EncodedEvent(type: "typing", json: Array(text.utf8)), seq: UInt64(number),
                of: SessionID("Yk2vQ8Yk2vQ8Yk2v"),
                under: Tenure())
        }
        await store.close()
        let path = state + "/state.db"
        let data = try Data.ofFile(path)
        let place = try #require(data.range(of: Data(#"{"seq":100,"#.utf8)))
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.seek(toOffset: UInt64(place.lowerBound / 4_096 * 4_096))
        try file.write(contentsOf: Data(repeating: 0, count: 4_096))
        try file.close()

        let checked = try await run("check")
        #expect(checked.code == 1)
        let wrong = checked.lines.filter { $0.hasPrefix("wrong: ") }
        #expect(wrong.count >= 2)
        #expect(wrong.contains { $0.contains(path) })
        #expect(wrong.contains { $0.contains("events can't be read") })
        #expect(checked.lines.allSatisfy { !$0.contains("***") })

        let exported = try await run("export")
        #expect(exported.code == 1)
        let events = exported.lines.filter { $0.contains(#""table":"event""#) }
        #expect((150..<200).contains(events.count))
        #expect(exported.lines.contains { $0.contains("can't be read and are missing") })

        let copy = scratch.path + "/copy.db"
        let copied = try await run("backup", copy)
        #expect(copied.code == 1)
        #expect(copied.lines.first?.contains("\(path) is damaged") == true)
        #expect(!FileManager.default.fileExists(atPath: copy))
        #expect(try Data.ofFile(path).count == data.count)
    }

    @Test("A second gateway on the same directory does not start, and the first goes on")
    func second() async throws {
        let arguments = ["serve", "--sandbox", "0", "--listen", "127.0.0.1:0", "--state", state]
        let first = try GatewayProcess(arguments)
        _ = try await first.port()
        let second = try GatewayProcess(arguments)
        #expect(try await second.exitCode() == 1)
        #expect(try await second.allLines().contains { $0.contains("another gateway uses \(state)") })
        #expect(try await run("check").lines.first == "0 events, 0 bytes of them")
        first.signal(SIGTERM)
        #expect(try await first.exitCode() == 0)
    }

    /// What makes a directory one that a start refuses.
    enum Fault: CaseIterable {
        case owner, mode, newer, foreign, cut, key

        /// What the sentence has.
        var words: String {
            switch self {
            case .owner: "belongs to user"
            case .mode: "chmod 600"
            case .newer: "newer msnp-gateway (version 200 of its tables, and this program knows"
            case .foreign: "was not made by msnp-gateway"
            case .cut: "is damaged"
            case .key: "chmod 600"
            }
        }
    }

    @Test("A start that refuses a directory leaves it as it is, byte for byte", arguments: Fault.allCases)
    func refusal(fault: Fault) async throws {
        guard fault != .owner || geteuid() == 0 else { return }
        await (try await store()).close()
        // As a backup is put back: the database alone.
        for name in try FileManager.default.contentsOfDirectory(atPath: state) where name != "state.db" {
            try FileManager.default.removeItem(atPath: state + "/" + name)
        }
        let path = state + "/state.db"
        let key = try scratch.write("state.key", StateAdministration.makeKey())
        chmod(key, fault == .key ? 0o644 : 0o600)
        switch fault {
        case .owner: #expect(chown(state, 65_534, 65_534) == 0)
        case .mode: chmod(path, 0o644)
        case .newer: try overwrite(path, at: 60, with: [0, 0, 0, 200])
        case .foreign: try overwrite(path, at: 68, with: [1, 2, 3, 4])
        case .cut: #expect(truncate(path, 5_000) == 0)
        case .key: break
        }
        let before = try contents()
        let process = try GatewayProcess(
            ["serve", "--sandbox", "0", "--listen", "127.0.0.1:0", "--state", state, "--state-key", key])
        #expect(try await process.exitCode() != 0)
        #expect(try await process.allLines().contains { $0.contains(fault.words) })
        #expect(try contents() == before)
    }

    /// The content of each file, by name.
    private func contents() throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: state)
        return try Dictionary(uniqueKeysWithValues: names.map { ($0, try Data.ofFile(state + "/" + $0)) })
    }

    private func overwrite(_ path: String, at offset: UInt64, with bytes: [UInt8]) throws {
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.seek(toOffset: offset)
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }

    @Test("A backup in a directory to which nothing can be written can be looked at")
    func readOnly() async throws {
        await (try await store()).close()
        let (media, copy) = (scratch.path + "/media", scratch.path + "/copy.db")
        #expect(mkdir(media, 0o700) == 0)
        #expect(try await run("backup", media + "/state.db").code == 0)
        // Root may write all the same, and finds nothing to write.
        chmod(media + "/state.db", 0o400)
        chmod(media, 0o500)
        #expect(try await run("check", "--state", media).lines.first == "3 events, 27 bytes of them")
        #expect(try await run("export", "--state", media).lines.count == 5)
        #expect(try await run("backup", copy, "--state", media).code == 0)
        #expect(try FileManager.default.contentsOfDirectory(atPath: media) == ["state.db"])
        chmod(media, 0o700)
    }

    @Test("A key is made, each time another, and is a file of keys")
    func key() async throws {
        let made = try await run("key")
        #expect(made.code == 0)
        let line = try #require(made.lines.first)
        #expect(try await run("key").lines.first != line)
        let file = try scratch.write("state.key", line + "\n")
        chmod(file, 0o600)
        let keys = try StateKeyFile.read(file)
        #expect(keys.ids.map(\.text) == [String(line.prefix { $0 != " " })])
    }

    @Test("A key file that others can read, that is none or that is not there is refused by its name")
    func keyFiles() throws {
        func refusal(_ path: String, isCredential: Bool = false) -> String {
            let error = #expect(throws: SettingsError.self) {
                try StateKeyFile.read(path, isCredential: isCredential)
            }
            return error?.description ?? ""
        }
        let file = try scratch.write("state.key", StateAdministration.makeKey())
        for mode: mode_t in [0o640, 0o604, 0o620] {
            chmod(file, mode)
            #expect(refusal(file).contains("chmod 600"))
        }
        // As systemd lays it out for a unit that runs as a user of its own.
        chmod(file, 0o440)
        #expect(throws: Never.self) { try StateKeyFile.read(file, isCredential: true) }
        chmod(file, 0o444)
        #expect(refusal(file, isCredential: true).contains("chmod 600"))
        #expect(refusal(scratch.path).contains("is no file"))
        #expect(refusal(scratch.path + "/nowhere").contains("nowhere"))
        let other = try scratch.write("other.key", "sesame")
        chmod(other, 0o600)
        #expect(refusal(other).contains("holds neither"))
        #expect(!refusal(other).contains("sesame"))
    }

    @Test("systemd's credential is found by its name, where there is one")
    func credential() throws {
        #expect(StateKeyFile.credential(in: [:]) == nil)
        #expect(StateKeyFile.credential(in: ["CREDENTIALS_DIRECTORY": scratch.path]) == nil)
        let file = try scratch.write("state-key", "x")
        #expect(StateKeyFile.credential(in: ["CREDENTIALS_DIRECTORY": scratch.path]) == file)
    }
}
