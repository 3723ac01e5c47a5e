/// Something that is wrong: what, how it was seen, and what to change.
package struct Finding: Equatable, Sendable {
    package let kind: FindingKind
    /// Which of several: a backend, a path, an origin; nil where there is one alone.
    package let subject: String?
    /// How it was seen.
    package let evidence: String
    /// What to change.
    package let remedy: String
    /// The line of nginx that changes it; nil where there is none.
    package let nginx: String?
    /// The same of Caddy.
    package let caddy: String?

    package init(
        _ kind: FindingKind, of subject: String? = nil, seen evidence: String, change remedy: String,
        nginx: String? = nil, caddy: String? = nil
    ) {
        self.kind = kind
        self.subject = subject
        self.evidence = evidence
        self.remedy = remedy
        self.nginx = nginx
        self.caddy = caddy
    }

    /// How much it matters.
    package var severity: Severity { kind.severity }
}
