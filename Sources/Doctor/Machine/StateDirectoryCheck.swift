import FoundationEssentials
import GatewayService
import Glibc

/// Whose the state directory is, and who can look into it.
struct StateDirectoryCheck: Check {
    static let name = "state directory"

    let directory: String?

    func run(_ visit: inout Visit) async -> [CheckResult] {
        guard let directory else { return [CheckResult(Self.name, .notTried("no state directory is set"))] }
        guard let mode = Self.mode(of: directory) else {
            return [CheckResult(Self.name, .notTried("\(directory) is not there yet; a start makes it"))]
        }
        do throws(SettingsError) {
            try StateDirectory.find(directory)
        } catch {
            let finding = Finding(
                .stateDirectory, of: directory, seen: "\(error)",
                change: "run this as the gateway's user; the directory is to be that user's, with mode 0700")
            return [CheckResult(Self.name, .found(finding))]
        }
        let files = ["keys.json", "state.db", "state.db-wal", "state.db-shm", "state.lock"].compactMap { name in
            Self.mode(of: directory + "/" + name).map { (name, $0) }
        }
        return [CheckResult(Self.name, Self.judge(directory, mode, files))]
    }

    /// What the permissions come to: of the directory, and of the files in it, by their names.
    static func judge(_ directory: String, _ mode: UInt32, _ files: [(name: String, mode: UInt32)])
        -> CheckResult.Outcome
    {
        var findings: [Finding] = []
        if mode & 0o077 != 0 {
            findings.append(
                Finding(
                    .stateDirectoryMode, of: directory, seen: "its mode is \(octal(mode))",
                    change: "chmod 700 \(directory)"))
        }
        let open = files.filter { $0.mode & 0o077 != 0 }
        if !open.isEmpty {
            let paths = open.map { directory + "/" + $0.name }.joined(separator: " ")
            findings.append(
                Finding(
                    .stateDirectory, of: directory,
                    seen: "others may read "
                        + open.map { "\($0.name) (mode \(octal($0.mode)))" }.joined(separator: ", "),
                    change: "chmod 600 \(paths)"))
        }
        return .judged(findings, sound: "\(directory), mode \(octal(mode))")
    }

    private static func octal(_ mode: UInt32) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func mode(of path: String) -> UInt32? {
        var information = Glibc.stat()
        // Reads the path and fills the structure.
        return unsafe stat(path, &information) == 0 ? information.st_mode & 0o777 : nil
    }
}
