import FoundationEssentials
import GatewayService
import SQLiteStorage
import Storage

/// What the state directory holds, as `state check` reads it.
struct StateContentCheck: Check {
    static let name = "state"
    /// Faults that are named; `state check` names all.
    private static let mostNamed = 3

    let directory: String?
    /// Whether the gateway keeps its sessions there.
    let isKept: Bool

    func run(_ visit: inout Visit) async -> [CheckResult] { [CheckResult(Self.name, await outcome())] }

    private func outcome() async -> CheckResult.Outcome {
        guard let directory, isKept else { return .notTried("no sessions are kept") }
        guard FileManager.default.fileExists(atPath: StateFiles(directory: directory).database) else {
            return .notTried("there is none yet")
        }
        do {
            let report = try await StateAdministration(state: directory, environment: [:]).check()
            return Self.judge(directory, faults: report.faults, note: report.lines.first)
        } catch {
            return .notTried("it can't be read: \(error)")
        }
    }

    /// What the faults come to.
    static func judge(_ directory: String, faults: [String], note: String?) -> CheckResult.Outcome {
        guard !faults.isEmpty else { return .sound(note) }
        let more = faults.count > mostNamed ? "; and \(faults.count - mostNamed) more" : ""
        return .found(
            Finding(
                .stateDamaged, of: directory, seen: faults.prefix(mostNamed).joined(separator: "; ") + more,
                change: "msnp-gateway state check says all of it; docs/operations.md (A damaged directory) what to do"))
    }
}
