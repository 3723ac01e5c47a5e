import Foundation
import GatewayService
import MSNP
import Testing

@testable import Doctor

@Suite(.timeLimit(.minutes(5))) struct DoctorRunTests {
    private func report(_ change: (inout DoctorOptions) -> Void) async throws -> DoctorReport {
        var options = DoctorOptions()
        change(&options)
        return try await Doctor(options, client: AnsweringClient { _ in .failure(.refused) }).run()
    }

    @Test("What nobody has said is not tried, and is no finding")
    func nothing() async throws {
        // A variable of that prefix that is no setting says nothing.
        let report = try await report { $0.environment = ["MSNP_GATEWAY_STRICT": "1", "MSNP_GATEWAY_BACKENDS": ""] }
        let tried = report.results.filter { if case .notTried = $0.outcome { false } else { true } }
        #expect(tried.map(\.check) == ["descriptors"])
        #expect(!report.findings.contains { $0.kind != .descriptors })
    }

    @Test("A state directory alone is looked at, by flag or environment", arguments: [true, false])
    func stateAlone(isFlag: Bool) async throws {
        let path = FileManager.default.temporaryDirectory.path + "/doctor-" + UUID().uuidString
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        defer { try? FileManager.default.removeItem(atPath: path) }
        let report = try await report { options in
            if isFlag {
                options.flags.state = path
            } else {
                options.environment = ["MSNP_GATEWAY_STATE_DIRECTORY": path]
            }
        }
        let found = report.findings.filter {
            $0.kind != .descriptors && $0.kind != .diskLow && $0.kind != .stateOnShare
        }
        #expect(found.map(\.kind) == [.stateDirectoryMode])
    }

    @Test("A URL where nobody listens is one finding, and what lies behind it is not tried")
    func unreachable() async throws {
        let report = try await report { options in
            options.url = .init(parsing: "https://msn.example")
            options.origins = ["https://page.example"]
        }
        #expect(report.findings.map(\.kind).filter { $0 != .descriptors } == [.unreachable])
        let behind = report.results.filter {
            ["clock", "host", "CORS", "poll", "stream", "webhook"].contains($0.check)
        }
        #expect(behind.count == 6)
        for result in behind {
            if case .notTried = result.outcome { continue }
            Issue.record("\(result)")
        }
    }
}
