/// How much a finding matters.
package enum Severity: String, CaseIterable, Comparable, Sendable {
    /// Works, and is good to know.
    case notice
    /// Works, and will cost somebody something one day.
    case warning
    /// Does not work.
    case error

    /// What the command exits with when this is the worst that was found; 0 is for nothing at all.
    ///
    /// Apart from each other, and from 1, 64 and 78, which every command has.
    package var exitCode: Int32 {
        switch self {
        case .notice: 10
        case .warning: 20
        case .error: 30
        }
    }

    package static func < (left: Severity, right: Severity) -> Bool { left.exitCode < right.exitCode }
}
