import Synchronization

/// Whether this process may act for a shard, right now: one atomic load, and a look at the clock.
///
/// A process that has its store to itself holds every shard for good. One of several holds a shard for as long as its last
/// beat lasts, and writes, signs in and sends nothing under a tenure that is over.
package final class Tenure: Sendable {
    /// One of the parts into which accounts are divided, each of which has one owner at a time.
    package let shard: UInt8
    /// Counts the owners that the shard has had: a store takes nothing of an older one.
    package let fence: UInt64
    private let now: @Sendable () -> ContinuousClock.Instant
    /// What `end` counts from.
    private let start: ContinuousClock.Instant
    /// Nanoseconds after `start`; the largest number for good.
    private let end: Atomic<Int64>

    /// - Parameter end: when it is over; nil for a tenure for good.
    package init(
        shard: UInt8 = 0, fence: UInt64 = 1, until end: ContinuousClock.Instant? = nil,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.shard = shard
        self.fence = fence
        self.now = now
        start = now()
        self.end = Atomic(.max)
        if let end { extend(until: end) }
    }

    /// Whether its holder may act.
    package var isValid: Bool {
        let end = end.load(ordering: .relaxed)
        return end == .max || Self.nanoseconds(now() - start) < end
    }

    /// A beat was taken: the tenure lasts until then.
    package func extend(until instant: ContinuousClock.Instant) {
        end.store(Self.nanoseconds(instant - start), ordering: .relaxed)
    }

    /// The shard is somebody else's.
    package func revoke() { end.store(.min, ordering: .relaxed) }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000
    }
}
