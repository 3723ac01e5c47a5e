import FoundationEssentials
import GatewayService
import Glibc

/// Whether the process may open as many files as its sessions need.
///
/// It looks at the gateway that runs on the state directory, where one does: the limit of a shell says nothing of a service's.
struct DescriptorsCheck: Check {
    static let name = "descriptors"
    /// Connections to servers below which it is a finding where nobody has said how many sessions there are to be.
    static let fewest = 256

    /// Sessions that the operator has asked for; nil where nobody has.
    let wanted: Int?
    let stateDirectory: String?

    func run(_ visit: inout Visit) async -> [CheckResult] {
        let running = stateDirectory.flatMap(RunningProcess.init(onStateDirectory:))
        let files = running?.mostFiles ?? ProcessLimits.files
        let whose = running.map { "the gateway that runs (process \($0.id))" } ?? "this process"
        return [CheckResult(Self.name, Self.judge(files: files, of: whose, wanted: wanted))]
    }

    /// What a limit comes to.
    static func judge(files: Int, of whose: String, wanted: Int?) -> CheckResult.Outcome {
        let connections = ProcessLimits.connections(files: files)
        let needed = wanted ?? fewest
        guard connections < needed else { return .sound("\(files), for \(connections) connections to servers") }
        let reason = wanted == nil ? "" : ", and limits.sessions is \(needed)"
        return .found(
            Finding(
                .descriptors,
                seen: "\(whose) may open \(files) files, which leaves \(connections) connections to servers\(reason)",
                change: "raise the hard limit to 65536 or more: LimitNOFILE=65536 in the unit, ulimit -n in a shell, "
                    + "--ulimit nofile=65536 in a container"))
    }
}

/// The gateway that uses a state directory.
struct RunningProcess {
    let id: Int
    /// How many files it may open; nil where the kernel does not tell.
    let mostFiles: Int?

    private static let commandName = "msnp-gateway"

    /// Nil where none runs, or it can't be found.
    init?(onStateDirectory directory: String) {
        var information = Glibc.stat()
        // Reads the path and fills the structure.
        guard unsafe stat(directory + "/state.lock", &information) == 0,
            let locks = Self.text("/proc/locks"), let id = Self.holder(of: UInt64(information.st_ino), in: locks),
            Self.text("/proc/\(id)/comm")?.hasPrefix(Self.commandName) == true
        else { return nil }
        self.id = id
        mostFiles = Self.text("/proc/\(id)/limits").flatMap(Self.mostFiles)
    }

    /// The process that holds a lock on the file with that number.
    ///
    ///     1: FLOCK  ADVISORY  WRITE 4711 08:01:393227 0 EOF
    static func holder(of file: UInt64, in locks: String) -> Int? {
        for line in locks.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count >= 6, words[1] == "FLOCK", words[5].split(separator: ":").last == "\(file)",
                let id = Int(words[4]), id > 0
            else { continue }
            return id
        }
        return nil
    }

    /// The soft limit.
    ///
    ///     Max open files            1024                 524288               files
    static func mostFiles(in limits: String) -> Int? {
        let line = limits.split(separator: "\n").first { $0.hasPrefix("Max open files") }
        return line?.split(separator: " ").dropFirst(3).first.flatMap { Int($0) }
    }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
