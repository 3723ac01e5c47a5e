import Foundation
import Testing

@testable import Doctor

@Suite struct DoctorReportTests {
    private let late = CheckResult(
        "poll",
        .found(
            Finding(
                .proxyTimeout, seen: "504 after 30 s", change: "wait longer", nginx: "proxy_read_timeout 75s;",
                caddy: "none")))
    private let loose = CheckResult(
        "state directory", .found(Finding(.stateDirectoryMode, of: "/state", seen: "0755", change: "chmod 700 /state")))
    private let whole = CheckResult("clock", .sound("within 30 s"))
    private let missing = CheckResult("webhook", .notTried("nobody has said where"))

    @Test("The command exits by the worst of it")
    func exitCodes() {
        let notice = CheckResult("backend", .found(Finding(.backendOneCommand, seen: "x", change: "nothing")))
        #expect(DoctorReport([whole, missing]).exitCode == 0)
        #expect(DoctorReport([whole, notice]).exitCode == 10)
        #expect(DoctorReport([notice, loose]).exitCode == 20)
        #expect(DoctorReport([loose, late, notice]).exitCode == 30)
        let codes = Severity.allCases.map(\.exitCode)
        #expect(Set(codes).isDisjoint(with: [0, 1, 64, 78]) && Set(codes).count == codes.count)
    }

    @Test("As text: what, how it was seen, what to change")
    func text() {
        #expect(
            DoctorReport.lines(of: late) == [
                "error      poll: What stands before the gateway cuts polls off. [proxy-timeout]",
                "           seen:    504 after 30 s",
                "           change:  wait longer",
                "           nginx:   proxy_read_timeout 75s;",
                "           Caddy:   none",
            ])
        #expect(DoctorReport.lines(of: whole) == ["ok         clock: within 30 s"])
        #expect(DoctorReport.lines(of: missing) == ["not tried  webhook: nobody has said where"])
        #expect(DoctorReport([whole, missing]).summary == "nothing is wrong; 1 not tried")
        #expect(DoctorReport([late, loose, late]).summary == "2 errors, 1 warning")
    }

    @Test("What came from outside breaks no line and colours no terminal")
    func control() {
        let seen = "200 \u{1B}[31m\r\nok\u{202E}\u{2028}!"
        let result = CheckResult("URL", .found(Finding(.notGateway, seen: seen, change: "x")))
        let lines = DoctorReport.lines(of: result)
        #expect(lines.allSatisfy { $0.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control } })
        #expect(lines.contains { $0.contains("seen:    200  [31m  ok  !") })
    }

    @Test("As JSON: the same values")
    func json() throws {
        struct Said: Decodable {
            struct Check: Decodable {
                let check: String
                let outcome: String
                let note: String?
                let reason: String?
                let findings: [String]?
            }
            struct Finding: Decodable {
                let id: String
                let severity: String
                let subject: String?
                let what: String
                let evidence: String
                let remedy: String
                let nginx: String?
                let caddy: String?
            }
            let checks: [Check]
            let findings: [Finding]
            let worst: String?
            let exitCode: Int
        }
        let report = DoctorReport([late, whole, missing, loose])
        let said = try JSONDecoder().decode(Said.self, from: Data(report.json))
        #expect(said.checks.map(\.outcome) == ["found", "sound", "notTried", "found"])
        #expect(said.checks[1].note == "within 30 s" && said.checks[2].reason == "nobody has said where")
        #expect(said.checks[0].findings == ["proxy-timeout"])
        #expect(said.findings.map(\.id) == ["proxy-timeout", "state-directory-mode"])
        #expect(said.findings[0].nginx == "proxy_read_timeout 75s;" && said.findings[0].caddy == "none")
        #expect(said.findings[1].subject == "/state" && said.findings[1].severity == "warning")
        #expect(said.findings[0].what == FindingKind.proxyTimeout.sentence)
        #expect(said.worst == "error" && said.exitCode == 30)
        let sound = try JSONDecoder().decode(Said.self, from: Data(DoctorReport([whole]).json))
        #expect(sound.worst == nil && sound.exitCode == 0 && sound.findings.isEmpty)
    }

    @Test("docs/doctor.md has a row for each kind of finding, with its severity")
    func documentation() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/doctor.md"), encoding: .utf8)
        let rows = text.split(separator: "\n").compactMap { line -> (id: String, severity: String)? in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 4, cells[0].hasPrefix("`"), Severity(rawValue: cells[1]) != nil else { return nil }
            return (String(cells[0].dropFirst().dropLast()), cells[1])
        }
        #expect(rows.map(\.id) == FindingKind.allCases.map(\.rawValue))
        #expect(rows.map(\.severity) == FindingKind.allCases.map(\.severity.rawValue))
    }
}
