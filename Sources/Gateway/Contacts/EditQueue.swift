import MSNPClient

/// The edits of one session, which take place one after the other.
///
/// An edit is several requests, and two that interleave would decide on lists that the other is changing.
struct EditQueue: Sendable {
    private var last: Task<Void, Never>?
    private(set) var waiting = 0

    /// Puts an edit at the end; `begin` starts it, with what it has to wait for first.
    ///
    /// All of it is carried by `executor`.
    mutating func append<Value: Sendable>(
        on executor: LoopTaskExecutor, _ begin: (_ previous: Task<Void, Never>?) -> Task<Value, Never>
    ) -> Task<Value, Never> {
        waiting += 1
        let task = begin(last)
        last = Task(executorPreference: executor) { _ = await task.value }
        return task
    }

    /// An edit is over.
    mutating func leave() { waiting -= 1 }
}
