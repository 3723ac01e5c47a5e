import Locking

/// Holds a task that is started later than whoever may cancel it is made.
final class TaskBox: Sendable {
    private let task = Locked<Task<Void, Never>?>(nil)

    func start(_ work: @escaping @Sendable () async -> Void) {
        task.withLock { $0 = Task(operation: work) }
    }

    func cancel() {
        task.withLock { $0 }?.cancel()
    }
}
