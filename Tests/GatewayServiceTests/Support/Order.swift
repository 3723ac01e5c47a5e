import Locking

/// Numbers in the order in which they came.
final class Order: Sendable {
    private let numbers = Locked<[Int]>([])

    func append(_ number: Int) { numbers.withLock { $0.append(number) } }

    /// The numbers as the digits of one.
    var digits: Int32 { numbers.withLock { $0.reduce(0) { $0 * 10 + Int32($1) } } }
}
