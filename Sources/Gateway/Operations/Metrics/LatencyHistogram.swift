import Synchronization

/// How long things took, in buckets.
final class LatencyHistogram: Sendable {
    /// Upper bounds in nanoseconds: from what an answer out of memory takes to the longest wait, and one more for what
    /// should not be.
    static let bounds: InlineArray<14, Int> = [
        250_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 50_000_000, 100_000_000, 250_000_000,
        1_000_000_000, 5_000_000_000, 25_000_000_000, 30_000_000_000, 60_000_000_000,
    ]

    /// What fell into each bucket and into none lower; the last one has no bound.
    private let buckets = InlineArray<15, Atomic<Int>> { _ in Atomic(0) }
    private let total = Atomic<Int>(0)

    func record(nanoseconds: Int) {
        var index = 0
        while index < Self.bounds.count, nanoseconds > Self.bounds[index] { index += 1 }
        buckets[index].wrappingAdd(1, ordering: .relaxed)
        total.wrappingAdd(nanoseconds, ordering: .relaxed)
    }

    /// For each bound how many took no longer, and last how many there are.
    var cumulative: [Int] {
        var sum = 0
        return buckets.indices.map { index in
            sum += buckets[index].load(ordering: .relaxed)
            return sum
        }
    }

    /// Of all that was recorded.
    var nanoseconds: Int { total.load(ordering: .relaxed) }
}
