/// How long is waited between attempts: a first wait, twice as long each time, up to a longest, half of it at random.
public struct Backoff: Sendable, Equatable {
    /// Before the second attempt.
    public var first: Duration = .seconds(1)
    /// What no wait is longer than, whatever a gateway asks for.
    public var longest: Duration = .seconds(30)

    public init() {}

    /// The wait after so many failures in a row, of which there is one at least.
    ///
    /// - Parameters:
    ///   - asked: what the gateway asked for, which is followed as it is; nil where it did not.
    ///   - random: 0 to 1.
    func wait(after failures: Int, asked: Duration?, random: Double) -> Duration {
        if let asked { return min(max(asked, .zero), max(longest, .seconds(60))) }
        // Thirty doublings are more than any longest wait.
        let full = min(first * (1 << min(max(failures, 1) - 1, 30)), longest)
        return full * (0.5 + 0.5 * random)
    }
}
