extension DoctorReport {
    /// For people, of all of it in a line: `2 errors, 1 warning; 3 not tried`.
    package var summary: String {
        let counts = Severity.allCases.reversed().compactMap { severity -> String? in
            let count = findings.count { $0.severity == severity }
            return count == 0 ? nil : "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
        }
        let missing = results.count { if case .notTried = $0.outcome { true } else { false } }
        let rest = missing == 0 ? "" : "; \(missing) not tried"
        return (counts.isEmpty ? "nothing is wrong" : counts.joined(separator: ", ")) + rest
    }

    /// For people: a line for a check, and some for each finding.
    package static func lines(of result: CheckResult) -> [String] {
        let name = result.check + (result.subject.map { " \($0)" } ?? "")
        switch result.outcome {
        case .sound(let note): return [line("ok", name, note)]
        case .notTried(let reason): return [line("not tried", name, reason)]
        case .found(let findings): return findings.flatMap { lines(of: $0, name) }
        }
    }

    private static func lines(of finding: Finding, _ name: String) -> [String] {
        let details: [(String, String?)] = [
            ("seen", finding.evidence), ("change", finding.remedy), ("nginx", finding.nginx), ("Caddy", finding.caddy),
        ]
        return [line(finding.severity.rawValue, name, "\(finding.kind.sentence) [\(finding.kind.rawValue)]")]
            + details.compactMap { label, text in
                text.map { "           \(label):" + String(repeating: " ", count: 8 - label.count) + printable($0) }
            }
    }

    private static func line(_ state: String, _ name: String, _ text: String?) -> String {
        let start = state + String(repeating: " ", count: max(1, 11 - state.count)) + printable(name)
        return start + (text.map { ": \(printable($0))" } ?? "")
    }

    /// What came from outside can neither break a line, nor colour a terminal, nor turn a line round.
    private static func printable(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: " " as Unicode.Scalar
            default: scalar.properties.isBidiControl ? " " : scalar
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }
}
