/// All that the checks came to, and how it is shown: as text for people, as JSON for programs.
package struct DoctorReport: Equatable, Sendable {
    /// In the order in which they ran.
    package var results: [CheckResult]

    package init(_ results: [CheckResult]) { self.results = results }

    /// All that is wrong, in the order in which it was found.
    package var findings: [Finding] { results.flatMap(\.findings) }

    /// The worst of it; nil where nothing is wrong.
    package var worst: Severity? { findings.map(\.severity).max() }

    /// What the command exits with.
    package var exitCode: Int32 { worst?.exitCode ?? 0 }
}
