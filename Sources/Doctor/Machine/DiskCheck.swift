import CLinux
import Glibc

/// Room on the state directory's disk, and what kind of disk it is.
struct DiskCheck: Check {
    static let name = "disk"
    /// Bytes below which it is a finding: the WAL and the ballast want 32 MiB, and a busy hour's events some more.
    static let least = 128 << 20

    let directory: String?

    func run(_ visit: inout Visit) async -> [CheckResult] {
        guard let directory else { return [CheckResult(Self.name, .notTried("no state directory is set"))] }
        guard let place = Self.existing(directory), let (free, type) = Self.look(at: place) else {
            return [CheckResult(Self.name, .notTried("the kernel tells nothing of \(directory)"))]
        }
        return [CheckResult(Self.name, Self.judge(directory, free: free, type: type))]
    }

    /// What room and kind come to.
    ///
    /// - Parameters:
    ///   - free: bytes.
    ///   - type: of the file system, as `statfs` numbers them.
    static func judge(_ directory: String, free: Int, type: Int) -> CheckResult.Outcome {
        var findings: [Finding] = []
        if free < least {
            findings.append(
                Finding(
                    .diskLow, of: directory, seen: "\(free >> 20) MiB are free",
                    change: "make room, or bound the database with stateBytes and limits.totalJournalBytes"))
        }
        if let share = shares[type] {
            findings.append(
                Finding(
                    .stateOnShare, of: directory, seen: "its file system is \(share)",
                    change:
                        "move it to a local disk: stop the gateway, copy the directory with its modes, start it there"))
        }
        return .judged(findings, sound: "\(free >> 20) MiB free")
    }

    /// By their numbers in linux/magic.h.
    static let shares = [0x6969: "NFS", 0x517B: "SMB", 0xFF53_4D42: "CIFS", 0xFE53_4D42: "SMB2", 0x0102_1997: "9P"]

    /// The directory, or the first above it that is there.
    private static func existing(_ path: String) -> String? {
        var path = path
        // Reads the path and keeps nothing.
        while unsafe access(path, F_OK) != 0 {
            guard let slash = path.lastIndex(of: "/") else { return "." }
            guard slash > path.startIndex else { return "/" }
            path = String(path[..<slash])
        }
        return path
    }

    private static func look(at path: String) -> (free: Int, type: Int)? {
        var information = CLinux.statfs()
        // Reads the path and fills the structure.
        guard unsafe statfs(path, &information) == 0 else { return nil }
        let (free, isTooMuch) = Int(clamping: information.f_bavail).multipliedReportingOverflow(
            by: Int(information.f_bsize))
        // Some kernels have the number in 32 bits with a sign.
        return (isTooMuch ? .max : free, Int(information.f_type) & 0xFFFF_FFFF)
    }
}
