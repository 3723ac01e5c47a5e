import Digests
import Foundation
import GatewayService
import Testing

@testable import Doctor

@Suite struct MachineTests {
    private func kinds(_ outcome: CheckResult.Outcome) -> [FindingKind] {
        CheckResult("x", outcome).findings.map(\.kind)
    }

    private func settings(_ environment: [String: String]) throws -> ServeSettings {
        var flags = ServeFlags()
        flags.backends = ["home=127.0.0.1:1863"]
        return try ServeSettings(flags: flags, environment: environment)
    }

    @Test("Settings that are wrong, that nobody has given, and that let nobody in")
    func settings() throws {
        #expect(
            SettingsCheck.judge(.none)
                == .notTried("no settings are given; say --config FILE, or what serve is started with"))
        let wrong = SettingsError(key: "listen", problem: "nonsense")
        #expect(kinds(SettingsCheck.judge(.refused(wrong))) == [.settings])
        #expect(SettingsCheck.judge(.read(try settings([:]))) == .sound("127.0.0.1:8080, backends home"))
        let closed = try settings(["MSNP_GATEWAY_OPEN_SIGN_IN": "false"])
        #expect(kinds(SettingsCheck.judge(.read(closed))) == [.signInClosed])
    }

    @Test("A key file beside what it seals")
    func keyInside() throws {
        let directory = FileManager.default.temporaryDirectory.path + "/doctor-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        for (place, expected) in [(directory + "/state.key", [FindingKind.stateKeyInside]), (directory + "-key", [])] {
            defer { try? FileManager.default.removeItem(atPath: place) }
            let isMade = FileManager.default.createFile(
                atPath: place, contents: Data((StateAdministration.makeKey() + "\n").utf8),
                attributes: [.posixPermissions: 0o600])
            #expect(isMade)
            let read = try settings([
                "MSNP_GATEWAY_STATE_DIRECTORY": directory, "MSNP_GATEWAY_STATE_KEY": place,
            ])
            #expect(kinds(SettingsCheck.judge(.read(read))) == expected)
        }
    }

    @Test("256 files are too few, and so are 1024 for 5000 sessions")
    func descriptors() {
        #expect(kinds(DescriptorsCheck.judge(files: 256, of: "it", wanted: nil)) == [.descriptors])
        #expect(kinds(DescriptorsCheck.judge(files: 1_024, of: "it", wanted: nil)) == [])
        #expect(kinds(DescriptorsCheck.judge(files: 1_024, of: "it", wanted: 5_000)) == [.descriptors])
        #expect(kinds(DescriptorsCheck.judge(files: 65_536, of: "it", wanted: 5_000)) == [])
        #expect(kinds(DescriptorsCheck.judge(files: 256, of: "it", wanted: 20)) == [])
    }

    @Test("The gateway that runs, by the kernel's lists")
    func running() {
        let locks = """
            1: POSIX  ADVISORY  WRITE 11 08:01:393227 0 EOF
            2: FLOCK  ADVISORY  WRITE 4711 08:01:393227 0 EOF
            3: FLOCK  ADVISORY  READ -1 08:01:393228 0 EOF
            3: -> FLOCK  ADVISORY  WRITE 12 08:01:393229 0 EOF

            """
        #expect(RunningProcess.holder(of: 393_227, in: locks) == 4_711)
        #expect(RunningProcess.holder(of: 393_228, in: locks) == nil)
        #expect(RunningProcess.holder(of: 393_229, in: locks) == nil)
        let limits = """
            Limit                     Soft Limit           Hard Limit           Units
            Max processes             95991                95991                processes
            Max open files            256                  4096                 files

            """
        #expect(RunningProcess.mostFiles(in: limits) == 256)
        #expect(RunningProcess.mostFiles(in: "") == nil)
    }

    @Test("Permissions of the state directory and of what is in it")
    func permissions() {
        #expect(StateDirectoryCheck.judge("/s", 0o700, [("keys.json", 0o600)]) == .sound("/s, mode 0700"))
        let loose = CheckResult("x", StateDirectoryCheck.judge("/s", 0o755, [])).findings
        #expect(loose.map(\.kind) == [.stateDirectoryMode] && loose[0].remedy == "chmod 700 /s")
        #expect(loose[0].evidence == "its mode is 0755")
        let open = CheckResult("x", StateDirectoryCheck.judge("/s", 0o700, [("state.db", 0o644), ("a", 0o600)]))
            .findings
        #expect(open.map(\.kind) == [.stateDirectory] && open[0].remedy == "chmod 600 /s/state.db")
    }

    @Test("A directory that others can look into is found where it is, and one that is not there is none")
    func directory() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/doctor-" + UUID().uuidString
        var visit = Visit()
        var results = await StateDirectoryCheck(directory: path).run(&visit)
        #expect(results.map(\.outcome) == [.notTried("\(path) is not there yet; a start makes it")])
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        defer { try? FileManager.default.removeItem(atPath: path) }
        results = await StateDirectoryCheck(directory: path).run(&visit)
        #expect(results.flatMap(\.findings).map(\.kind) == [.stateDirectoryMode])
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: path)
        results = await StateDirectoryCheck(directory: path).run(&visit)
        #expect(results.flatMap(\.findings).map(\.kind) == [.stateDirectory])
        results = await DiskCheck(directory: path + "/not/there").run(&visit)
        if case .notTried = results[0].outcome { Issue.record("the disk of the directory above is there") }
    }

    @Test("Room on the disk, and shares")
    func disk() {
        #expect(kinds(DiskCheck.judge("/s", free: 1 << 30, type: 0xEF53)) == [])
        #expect(kinds(DiskCheck.judge("/s", free: 100 << 20, type: 0xEF53)) == [.diskLow])
        #expect(kinds(DiskCheck.judge("/s", free: 1 << 30, type: 0x6969)) == [.stateOnShare])
    }

    @Test("A state that is damaged")
    func content() {
        #expect(StateContentCheck.judge("/s", faults: [], note: "3 events") == .sound("3 events"))
        let found = CheckResult("x", StateContentCheck.judge("/s", faults: ["a", "b", "c", "d"], note: nil)).findings
        #expect(found.map(\.kind) == [.stateDamaged] && found[0].evidence == "a; b; c; and 1 more")
    }

    @Test("A file with a secret: its first line, and never in what is said of it")
    func secretFile() throws {
        let path = FileManager.default.temporaryDirectory.path + "/doctor-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data("hunter2\r\nmore\n".utf8).write(to: URL(filePath: path))
        #expect(try SecretFile.read(path).matches(Secret("hunter2")))
        let long = String(repeating: "hunter2", count: 200)
        for text in ["\nhunter2", long] {
            try Data(text.utf8).write(to: URL(filePath: path))
            let error = #expect(throws: SettingsError.self) { try SecretFile.read(path) }
            #expect(error.map { "\($0)".contains(path) && !"\($0)".contains("hunter2") } == true)
        }
    }
}
