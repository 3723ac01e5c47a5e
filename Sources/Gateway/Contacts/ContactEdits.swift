import Locking
import MSNPClient

/// The edits of one session's contacts, which take turns, and whether people are being let in by them.
final class ContactEdits: Sendable {
    private struct State: Sendable {
        var queue = EditQueue()
        var isLettingIn = false
    }

    private let state = Locked(State())

    /// How many wait for their turn or have it.
    var waiting: Int { state.withLock { $0.queue.waiting } }

    /// How many more callers may wait for their turn.
    var limit: ServiceLimit { .concurrent(.changes, used: waiting, of: GatewayLimits.waitingEdits) }

    /// Carries out an edit once those before it are over.
    ///
    /// If the caller leaves before its turn, the edit is dropped. Once begun, it runs to its end. Throws what `edit` throws,
    /// and 429 when too many wait already.
    ///
    /// - Parameter isBounded: false for the gateway's own edits, of which there is one at a time: what callers have asked for
    ///   is no refusal of the server's.
    func inTurn<Value: Sendable>(
        on executor: LoopTaskExecutor, isBounded: Bool = true,
        _ edit: @escaping @Sendable () async throws(Problem) -> Value
    ) async throws(Problem) -> Value {
        let task = try state.withLock { state throws(Problem) in
            guard !isBounded || state.queue.waiting < GatewayLimits.waitingEdits else {
                throw Problem(.rateLimited, "\(GatewayLimits.waitingEdits) changes of this session wait already.")
                    .retrying(after: 1)
                    .exceeding(.concurrent(.changes, used: state.queue.waiting, of: GatewayLimits.waitingEdits))
            }
            return state.queue.append(on: executor) { previous in
                Task(executorPreference: executor) { await self.run(edit, after: previous) }
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
        defer { state.withLock { $0.queue.leave() } }
        guard !Task.isCancelled else {
            return .failure(Problem(.backendTimeout, "The changes before this one took too long."))
        }
        do throws(Problem) {
            return .success(try await edit())
        } catch {
            return .failure(error)
        }
    }

    // MARK: - Letting people in

    /// Whether the caller is to let people in, and nobody else does.
    func beginLettingIn() -> Bool {
        state.withLock { state in
            defer { state.isLettingIn = true }
            return !state.isLettingIn
        }
    }

    /// Nobody is left to let in.
    ///
    /// The caller looks once more after this: whoever came just before has started nobody.
    func endLettingIn() { state.withLock { $0.isLettingIn = false } }
}

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
