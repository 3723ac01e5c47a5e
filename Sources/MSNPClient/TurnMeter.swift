import NIOCore
import NIOPosix
import Synchronization

/// What the turn of a loop has done so far, counted on the loop's thread without any clock of its own.
///
/// Relaxed atomics throughout: only that thread writes them, and nobody else reads them.
final class TurnMeter: Sendable {
    private static let place = ThreadSpecificVariable<TurnMeter>()

    /// The one of the loop that this is called on.
    static var current: TurnMeter {
        if let known = place.currentValue { return known }
        let new = TurnMeter()
        place.currentValue = new
        return new
    }

    /// When the first socket of the turn was read; 0 before.
    private let began = Atomic<UInt64>(0)
    private let reads = Atomic<Int>(0)
    private let commands = Atomic<Int>(0)

    /// A socket has brought something.
    func read(at now: NIODeadline) {
        if began.load(ordering: .relaxed) == 0 { began.store(now.uptimeNanoseconds, ordering: .relaxed) }
        reads.wrappingAdd(1, ordering: .relaxed)
    }

    /// Servers have said commands.
    func heard(_ count: Int) { commands.wrappingAdd(count, ordering: .relaxed) }

    /// The turn is over, and the next one begins.
    ///
    /// - Parameters:
    ///   - start: when the sockets were read and the turn began with its tasks.
    ///   - tasks: how many there were.
    func end(from start: NIODeadline, to end: NIODeadline, tasks: Int) -> ClientRuntime.LongTurn {
        let began = began.exchange(0, ordering: .relaxed)
        let first = began == 0 ? start : .uptimeNanoseconds(began)
        return ClientRuntime.LongTurn(
            duration: .nanoseconds((end - first).nanoseconds), reading: .nanoseconds((start - first).nanoseconds),
            reads: reads.exchange(0, ordering: .relaxed), commands: commands.exchange(0, ordering: .relaxed),
            tasks: tasks)
    }
}
