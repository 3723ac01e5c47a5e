import Synchronization

/// A number that any thread changes without waiting: a counter, or a gauge that goes up and down.
///
/// Relaxed: nothing else is read on the strength of it.
final class Tally: Sendable {
    private let number = Atomic<Int>(0)

    var value: Int { number.load(ordering: .relaxed) }

    func add(_ count: Int = 1) { number.wrappingAdd(count, ordering: .relaxed) }

    func subtract(_ count: Int = 1) { number.wrappingSubtract(count, ordering: .relaxed) }
}
