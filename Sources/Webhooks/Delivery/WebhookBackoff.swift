/// How long an endpoint is left alone after a failure.
///
/// The longest possible wait doubles with each failure, and the wait is a random share of it, so that endpoints which failed
/// together do not come back together.
package enum WebhookBackoff {
    /// The longest that the wait after the first failure can be.
    package static let first: Duration = .seconds(1)
    /// The longest that any wait can be, and what is honoured of a wish.
    package static let longest: Duration = .seconds(3_600)

    /// The wait before the next attempt.
    ///
    /// - Parameters:
    ///   - failures: attempts that have failed in a row, this one included.
    ///   - wish: how long the receiver asks to be left alone, honoured up to `longest`.
    ///   - chance: uniformly from 0 up to 1.
    package static func delay(failures: Int, wish: Duration?, chance: Double) -> Duration {
        // So many doublings take any wait past the longest.
        let doublings = min(max(failures - 1, 0), 12)
        let share = min(longest, first * (1 << doublings)) * min(max(chance, 0), 1)
        return max(share, min(wish ?? .zero, longest))
    }
}
