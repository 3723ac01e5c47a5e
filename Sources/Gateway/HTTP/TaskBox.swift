import Locking
import MSNPClient

/// Holds a task that is started later than whoever may cancel it is made.
final class TaskBox: Sendable {
    private let task = Locked<Task<Void, Never>?>(nil)
    /// Tasks of the whole process that have not ended, for the metrics.
    private static let tally = Tally()

    static var running: Int { tally.value }

    /// Starts it on an executor, or where Swift's runtime likes.
    func start(on executor: LoopTaskExecutor?, _ work: @escaping @Sendable () async -> Void) {
        Self.tally.add()
        task.withLock {
            $0 = Task(executorPreference: executor) {
                await work()
                Self.tally.subtract()
            }
        }
    }

    func cancel() {
        task.withLock { $0 }?.cancel()
    }
}
