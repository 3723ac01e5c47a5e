import Locking

/// Holds a task that is started later than whoever may cancel it is made.
final class TaskBox: Sendable {
    private let task = Locked<Task<Void, Never>?>(nil)
    /// Tasks of the whole process that have not ended, for the metrics.
    private static let tally = Tally()

    static var running: Int { tally.value }

    func start(_ work: @escaping @Sendable () async -> Void) {
        Self.tally.add()
        task.withLock {
            $0 = Task {
                await work()
                Self.tally.subtract()
            }
        }
    }

    func cancel() {
        task.withLock { $0 }?.cancel()
    }
}
