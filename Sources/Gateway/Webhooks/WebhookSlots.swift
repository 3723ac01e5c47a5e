import DequeModule
import Locking

/// How many attempts are under way at one time, whoever's they are.
///
/// Each holds a body and a connection. Endpoints that are slow or fail have places of their own: however many there are of
/// them, the others find places as soon as if they were alone.
final class WebhookSlots: Sendable {
    /// What an endpoint was like the last time.
    enum Lane: Sendable {
        case prompt
        /// It failed, or took long.
        case slow
    }

    /// An answer that takes longer than this is a slow one.
    static let promptly: Duration = .seconds(2)

    private struct Queue: Sendable {
        var free: Int
        /// In the order in which they came.
        var waiting: Deque<CheckedContinuation<Bool, Never>> = []

        /// True where there is a place; else the caller waits.
        mutating func take(_ continuation: CheckedContinuation<Bool, Never>) -> Bool? {
            guard free == 0 else {
                free -= 1
                return true
            }
            waiting.append(continuation)
            return nil
        }

        /// Who has the place next.
        mutating func give() -> CheckedContinuation<Bool, Never>? {
            guard !waiting.isEmpty else {
                free += 1
                return nil
            }
            return waiting.popFirst()
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
    func take(_ lane: Lane) async -> Bool {
        await withCheckedContinuation { continuation in
            let result: Bool? = state.withLock { state in
                if state.isClosed { return false }
                switch lane {
                case .prompt: return state.prompt.take(continuation)
                case .slow: return state.slow.take(continuation)
                }
            }
            if let result { continuation.resume(returning: result) }
        }
    }

    /// Gives a place back, to whoever has waited longest.
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
            defer {
                state.prompt.waiting = []
                state.slow.waiting = []
            }
            return Array(state.prompt.waiting) + Array(state.slow.waiting)
        }
        for continuation in waiting { continuation.resume(returning: false) }
    }
}
