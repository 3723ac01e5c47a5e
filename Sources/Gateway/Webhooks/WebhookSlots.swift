import DequeModule
import Locking

/// How many attempts are under way at one time, whoever's they are.
///
/// Each holds a body and a connection. Endpoints that are slow, fail or were never tried have places of their own: however many
/// there are of them, the others find places as soon as if they were alone. Keys that wait take turns: one with many webhooks
/// is in nobody's way.
final class WebhookSlots: Sendable {
    /// What an endpoint was like the last time.
    enum Lane: Sendable {
        case prompt
        /// It failed or took long, was never tried, or is only tested.
        case slow
    }

    /// An answer that takes longer than this is a slow one.
    static let promptly: Duration = .seconds(2)

    private struct Queue: Sendable {
        var free: Int
        /// Of each key in the order in which they came.
        var waiting: [Owner: Deque<CheckedContinuation<Bool, Never>>] = [:]
        /// Keys that wait, the one whose turn is next first.
        var turns: Deque<Owner> = []

        /// True where there is a place; else the caller waits.
        mutating func take(_ continuation: CheckedContinuation<Bool, Never>, for owner: Owner) -> Bool? {
            guard free == 0 else {
                free -= 1
                return true
            }
            if waiting[owner] == nil { turns.append(owner) }
            waiting[owner, default: []].append(continuation)
            return nil
        }

        /// Who has the place next.
        mutating func give() -> CheckedContinuation<Bool, Never>? {
            guard let owner = turns.popFirst(), let next = waiting[owner]?.popFirst() else {
                free += 1
                return nil
            }
            if waiting[owner]?.isEmpty == true { waiting[owner] = nil } else { turns.append(owner) }
            return next
        }

        /// All who wait, who wait no more.
        mutating func dismiss() -> [CheckedContinuation<Bool, Never>] {
            defer { (waiting, turns) = ([:], []) }
            return waiting.values.flatMap(\.self)
        }
    }

    private struct State: Sendable {
        var prompt: Queue
        var slow: Queue
        var isClosed = false
    }

    private let state: Locked<State>

    init(prompt: Int, slow: Int) { state = Locked(State(prompt: Queue(free: prompt), slow: Queue(free: slow))) }

    /// Waits for a place; false where nothing is to be sent any more.
    func take(_ lane: Lane, for owner: Owner) async -> Bool {
        await withCheckedContinuation { continuation in
            let result: Bool? = state.withLock { state in
                if state.isClosed { return false }
                switch lane {
                case .prompt: return state.prompt.take(continuation, for: owner)
                case .slow: return state.slow.take(continuation, for: owner)
                }
            }
            if let result { continuation.resume(returning: result) }
        }
    }

    /// Gives a place back, to whoever has waited longest of the key whose turn it is.
    func give(_ lane: Lane) {
        let next = state.withLock { state in
            switch lane {
            case .prompt: state.prompt.give()
            case .slow: state.slow.give()
            }
        }
        next?.resume(returning: true)
    }

    /// Nothing is sent any more: whoever waits is told.
    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            return state.prompt.dismiss() + state.slow.dismiss()
        }
        for continuation in waiting { continuation.resume(returning: false) }
    }
}
