import ByteText
import Synchronization

/// Counts the answers at one route: by method and status, and how long they took.
///
/// The methods are those that the route has, so that nobody can make up labels.
final class RouteMeter: Sendable {
    /// The statuses that the gateway answers with; whatever else comes counts as `other`.
    private static let statuses: InlineArray<26, Int> = [
        200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 421, 422, 429, abandoned, 500,
        501, 502, 503, 504, 0,
    ]
    /// The status of an answer that nobody was there for any more; HTTP has none, and this is what nginx logs.
    static let abandoned = 499
    private static let otherMethod = "other"

    private final class Statuses: Sendable {
        let counts = InlineArray<26, Atomic<Int>> { _ in Atomic(0) }
    }

    /// As the documentation writes the route, or another name for what has no route.
    let route: String
    let latency = LatencyHistogram()
    private let methods: [String]
    private let counts: [Statuses]

    init(_ route: String, methods: some Sequence<String>) {
        self.route = route
        let methods = methods.sorted() + [Self.otherMethod]
        self.methods = methods
        counts = methods.map { _ in Statuses() }
    }

    /// The method by which it counts.
    func method(_ method: String) -> String { methods.first { ASCII.equals($0, method) } ?? Self.otherMethod }

    func count(_ method: String, _ status: Int, after duration: Duration) {
        let place = methods.firstIndex { ASCII.equals($0, method) } ?? methods.count - 1
        var index = 0
        while index < Self.statuses.count - 1, Self.statuses[index] != status { index += 1 }
        counts[place].counts[index].wrappingAdd(1, ordering: .relaxed)
        let (seconds, attoseconds) = duration.components
        latency.record(nanoseconds: Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000))
    }

    /// Method, status and count of all that have come.
    var answers: [(method: String, status: String, count: Int)] {
        var answers: [(method: String, status: String, count: Int)] = []
        for (place, method) in methods.enumerated() {
            for index in Self.statuses.indices {
                let count = counts[place].counts[index].load(ordering: .relaxed)
                let status = Self.statuses[index]
                if count > 0 { answers.append((method, status == 0 ? "other" : String(status), count)) }
            }
        }
        return answers
    }
}

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
