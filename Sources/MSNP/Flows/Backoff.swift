/// How long a lost session waits before it tries again.
///
/// The longest possible wait doubles with each failure; the wait itself is a random share of it.
///
/// Full jitter spreads the thousands of sessions of a backend that comes back over the whole time, so that they do not
/// all arrive at its end (docs/protocol.md#reconnecting).
package struct Backoff: Equatable, Sendable {
    /// The longest that the first wait can be.
    package var base: Duration = .seconds(1)
    /// The longest that any wait can be.
    ///
    /// It is short, so that everybody is there soon after a backend has come back.
    package var longest: Duration = .seconds(300)
    /// After so long online the waits begin anew with the next loss (docs/protocol.md#reconnecting).
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
        // So many doublings take any base past the cap.
        let doublings = min(max(failures, 0), 30)
        return min(longest, base * (1 << doublings)) * min(max(chance, 0), 1)
    }
}
