import CLinux
import Glibc

/// A moment as the kernel's clock has it that counts since the machine was started, sleep included (`CLOCK_BOOTTIME`).
///
/// `ContinuousClock.Instant` is of the same clock, but of a library whose layout may change: each copy, each optional one and each
/// comparison is a call by way of a table, and there are dozens of them in the turns of an event. Without them an event took 6 to 17 %
/// less of the processor, a read of presence 12.6 µs instead of 14.0, and a sign-in 10 to 20 % less (medians of seven and eight runs in
/// turn, on a machine with noise).
public struct MonotonicInstant: Comparable, Hashable, Sendable {
    /// Since the machine was started.
    public var nanoseconds: Int64

    @inlinable
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The moment of the call.
    public static var now: MonotonicInstant {
        var time = timespec()
        // Fills the structure; it fails for no clock that there is.
        unsafe clock_gettime(gw_monotonic_clock, &time)
        return MonotonicInstant(nanoseconds: Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec))
    }

    @inlinable
    public static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

    /// The time from `right` to `left`.
    @inlinable
    public static func - (left: Self, right: Self) -> Duration {
        let (difference, overflows) = left.nanoseconds.subtractingReportingOverflow(right.nanoseconds)
        // A duration has room for more.
        return overflows
            ? .nanoseconds(left.nanoseconds) - .nanoseconds(right.nanoseconds) : .nanoseconds(difference)
    }

    /// That much later; the last moment that there is for more than 292 years.
    @inlinable
    public static func + (moment: Self, duration: Duration) -> Self { moment.later(duration.nanoseconds) }

    /// That much earlier; the first moment that there is for more than 292 years.
    @inlinable
    public static func - (moment: Self, duration: Duration) -> Self { moment.later((.zero - duration).nanoseconds) }

    /// Makes it that much later.
    @inlinable
    public static func += (moment: inout Self, duration: Duration) { moment = moment + duration }

    /// Makes it that much earlier.
    @inlinable
    public static func -= (moment: inout Self, duration: Duration) { moment = moment - duration }

    /// Later by so many nanoseconds, or earlier, as far as moments go.
    @inlinable
    public func later(_ nanoseconds: Int64) -> Self {
        let (sum, overflows) = self.nanoseconds.addingReportingOverflow(nanoseconds)
        return Self(nanoseconds: overflows ? (nanoseconds < 0 ? .min : .max) : sum)
    }
}
