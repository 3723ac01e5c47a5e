/// What a check came to, of one thing that it looked at.
package struct CheckResult: Equatable, Sendable {
    /// How it came out.
    package enum Outcome: Equatable, Sendable {
        /// All is well; what was seen, where that tells something.
        case sound(String?)
        /// At least one thing is wrong.
        case found([Finding])
        /// It could not run; why. That is no finding.
        case notTried(String)
    }

    /// What was looked at: `settings`, `poll`.
    package let check: String
    /// Which of several; nil where there is one alone.
    package let subject: String?
    package let outcome: Outcome

    package init(_ check: String, of subject: String? = nil, _ outcome: Outcome) {
        self.check = check
        self.subject = subject
        self.outcome = outcome
    }

    /// What is wrong, if anything.
    package var findings: [Finding] {
        if case .found(let findings) = outcome { findings } else { [] }
    }
}

extension CheckResult.Outcome {
    /// Those findings, or sound where there are none.
    package static func judged(_ findings: [Finding], sound note: String? = nil) -> CheckResult.Outcome {
        findings.isEmpty ? .sound(note) : .found(findings)
    }

    /// One finding alone.
    package static func found(_ finding: Finding) -> CheckResult.Outcome { .found([finding]) }
}
