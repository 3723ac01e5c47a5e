import Curl
import Locking

/// An attempt, and who waits for its end.
struct CurlAttempt: Sendable {
    /// No other attempt of the transport has it.
    let id: UInt64
    let request: WebhookRequest
    /// Resumed once, by whoever ends the attempt.
    let ending: CheckedContinuation<WebhookOutcome, Never>
}

/// What other threads have to say to that of a transport.
final class CurlMailbox: Sendable {
    enum Order: Sendable {
        case begin(CurlAttempt)
        case cancel(UInt64)
        /// A look-up has ended.
        case found([[UInt8]], of: KnownNames.LookUp)
        case close
    }

    private struct State: Sendable {
        var orders: [Order] = []
        var policy: DestinationPolicy
        /// Where the thread waits; nil before and after.
        var multi: CurlMulti?
        var isClosed = false
        var next: UInt64 = 0
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Locked<State>

    init(policy: DestinationPolicy) { state = Locked(State(policy: policy)) }

    var policy: DestinationPolicy { state.withLock { $0.policy } }

    func use(_ policy: DestinationPolicy) { state.withLock { $0.policy = policy } }

    /// A number that no other attempt has.
    func number() -> UInt64 {
        state.withLock { state in
            state.next += 1
            return state.next
        }
    }

    /// The thread is about to wait there, or does already.
    func open(_ multi: CurlMulti) {
        state.withLock { state in
            state.multi = multi
            if !state.orders.isEmpty { multi.wake() }
        }
    }

    /// Has the thread make an attempt; it is cancelled where the transport is closed.
    func begin(_ attempt: CurlAttempt) {
        if !give(.begin(attempt)) { attempt.ending.resume(returning: .cancelled) }
    }

    func cancel(_ id: UInt64) { _ = give(.cancel(id)) }

    func found(_ addresses: [[UInt8]], of lookUp: KnownNames.LookUp) { _ = give(.found(addresses, of: lookUp)) }

    /// Returns when the thread is over.
    func close() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if state.isClosed, state.multi == nil { return true }
                state.waitingForEnd.append(continuation)
                guard !state.isClosed else { return false }
                state.isClosed = true
                state.orders.append(.close)
                state.multi?.wake()
                return false
            }
            if isOver { continuation.resume() }
        }
    }

    /// There never was a thread, and there will be none.
    func closeUnopened() { state.withLock { $0.isClosed = true } }

    /// What was said since the last call, on the thread.
    func take() -> [Order] {
        state.withLock { state in
            defer { state.orders = [] }
            return state.orders
        }
    }

    /// The thread waits no more, and has ended all attempts that it took.
    func end() {
        let waiting = state.withLock { state in
            defer { (state.multi, state.waitingForEnd) = (nil, []) }
            return state.waitingForEnd
        }
        for continuation in waiting { continuation.resume() }
    }

    private func give(_ order: Order) -> Bool {
        state.withLock { state in
            guard !state.isClosed else { return false }
            state.orders.append(order)
            // One wakes it for all.
            if state.orders.count == 1 { state.multi?.wake() }
            return true
        }
    }
}
