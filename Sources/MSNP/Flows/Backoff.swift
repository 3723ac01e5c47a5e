/// How long a lost session waits before it tries again: longer with each failure, and by chance within that.
///
/// Full jitter spreads the thousands of sessions of a backend that comes back over the whole of the time instead of
/// having them all arrive at its end (design: section 5).
package struct Backoff: Equatable, Sendable {
    /// The longest that the first wait can be.
    package var base: Duration = .seconds(1)
    /// The longest that any wait can be: whoever brings a backend back does not wait for long until everybody is there.
    package var longest: Duration = .seconds(300)
    /// Online for so long, the waits begin anew with the next loss (protocol.md 15).
    package var reset: Duration = .seconds(300)

    package init() {}

    init(base: Duration, longest: Duration, reset: Duration) {
        self.base = base
        self.longest = longest
        self.reset = reset
    }

    /// The wait before an attempt.
    ///
    /// - Parameters:
    ///   - failures: how many attempts have failed in a row before; 0 for the first.
    ///   - chance: uniformly from 0 up to 1.
    package func delay(failures: Int, chance: Double) -> Duration {
        // Doubled so often, any base is past the cap.
        let doublings = min(max(failures, 0), 30)
        return min(longest, base * (1 << doublings)) * min(max(chance, 0), 1)
    }
}
