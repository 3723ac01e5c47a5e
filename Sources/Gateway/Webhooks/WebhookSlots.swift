import Locking
import Webhooks

/// How many attempts are under way at one time, whoever's they are.
///
/// Each holds a body and a connection. Endpoints that are slow, fail or were never tried have places of their own: however many
/// there are of them, the others find places as soon as if they were alone. Keys that wait take turns: one with many webhooks
/// is in nobody's way, and one key's slow endpoints leave half of such places to others.
final class WebhookSlots: Sendable {
    /// What an endpoint was like the last time.
    enum Lane: Sendable {
        case prompt
        /// It failed or took long, or was never tried.
        case slow
        /// Its owner has asked for an attempt; what comes of it says nothing of the next one.
        case test
    }

    /// An answer that takes longer than this is a slow one.
    static let promptly: Duration = .seconds(2)

    /// Who waits, by a number that no other has.
    private struct Waiter: Sendable {
        let id: UInt64
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State: Sendable {
        var lanes: [Lane: Turns<Owner, Waiter>]
        var isClosed = false
        var next: UInt64 = 0
    }

    private let state: Locked<State>

    /// - Parameters:
    ///   - prompt: places for the prompt ones, all of which a single key may have: none of them is kept for long.
    ///   - slow: places for the others, of which a key has half at most where there are several.
    ///   - tests: places for attempts that are asked for, of which a key has half at most as well.
    init(prompt: Int, slow: Int, tests: Int) {
        state = Locked(
            State(lanes: [
                .prompt: Turns(places: prompt, share: prompt), .slow: Turns(places: slow, share: (slow + 1) / 2),
                .test: Turns(places: tests, share: (tests + 1) / 2),
            ]))
    }

    /// Waits for a place; false where nothing is to be sent any more, or the task was cancelled before there was one.
    func take(_ lane: Lane, for owner: Owner) async -> Bool {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let result: Bool? = state.withLock { state in
                    if state.isClosed || Task.isCancelled { return false }
                    return state.lanes[lane]?.take(owner, Waiter(id: id, continuation: continuation)) == false
                        ? nil : true
                }
                if let result { continuation.resume(returning: result) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.lanes[lane]?.remove(owner) { $0.id == id } }
            waiter?.continuation.resume(returning: false)
        }
    }

    /// Gives a key's place back, to whoever has waited longest of the key whose turn it is.
    func give(_ lane: Lane, of owner: Owner) {
        state.withLock { $0.lanes[lane]?.give(owner) }?.continuation.resume(returning: true)
    }

    /// Nothing is sent any more: whoever waits is told.
    func close() {
        let waiting = state.withLock { state in
            state.isClosed = true
            var waiting: [Waiter] = []
            for lane in state.lanes.keys { waiting += state.lanes[lane]?.dismiss() ?? [] }
            return waiting
        }
        for waiter in waiting { waiter.continuation.resume(returning: false) }
    }
}
