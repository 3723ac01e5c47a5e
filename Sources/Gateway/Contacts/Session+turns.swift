import Locking

extension Session {
    /// Carries out an edit once those before it are over.
    ///
    /// A caller that leaves while it waits takes it back; what has begun is finished, whoever waits for it. Throws what
    /// `edit` throws, and 429 when too many wait already.
    func inTurn<Value: Sendable>(
        _ edit: @escaping @Sendable () async throws(Problem) -> Value
    ) async throws(Problem) -> Value {
        let task = try state.withLock { state throws(Problem) in
            guard state.edits.waiting < GatewayLimits.waitingEdits else {
                throw Problem(.rateLimited, "\(GatewayLimits.waitingEdits) changes of this session wait already.")
                    .retrying(after: 1)
            }
            return state.edits.append(on: owed.executor) { previous in
                Task(executorPreference: owed.executor) { await self.run(edit, after: previous) }
            }
        }
        return try await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }.get()
    }

    private func run<Value: Sendable>(
        _ edit: @Sendable () async throws(Problem) -> Value, after previous: Task<Void, Never>?
    ) async -> Result<Value, Problem> {
        await previous?.value
        defer { state.withLock { $0.edits.leave() } }
        guard !Task.isCancelled else {
            return .failure(Problem(.backendTimeout, "The changes before this one took too long."))
        }
        do throws(Problem) {
            return .success(try await edit())
        } catch {
            return .failure(error)
        }
    }
}
