import Locking
import NIOCore
import NIOPosix
import Synchronization

/// Counts the turns of a runtime's loops that take long: whoever has something on the loop waits for all of them.
final class TurnWatch: NIOEventLoopMetricsDelegate {
    private let limit: Duration
    private let longTurns = Atomic<Int>(0)
    private let observer = Locked<(@Sendable (ClientRuntime.LongTurn) -> Void)?>(nil)

    init(limit: Duration) { self.limit = limit }

    var count: Int { longTurns.load(ordering: .relaxed) }

    /// Has somebody told of each long turn, on the loop that it was on.
    func observe(_ observer: @escaping @Sendable (ClientRuntime.LongTurn) -> Void) {
        self.observer.withLock { $0 = observer }
    }

    func processedTick(info: NIOEventLoopTickInfo) {
        let turn = TurnMeter.current.end(from: info.startTime, to: info.endTime, tasks: info.numberOfTasks)
        guard turn.duration > limit else { return }
        longTurns.wrappingAdd(1, ordering: .relaxed)
        observer.withLock { $0 }?(turn)
    }
}
