import DequeModule
import HTTPFront
import Locking

/// What one reader of a trace has yet to get.
///
/// A trace has no journal: what does not fit is counted, left out and told in its place.
final class TraceQueue: Sendable {
    private struct State: Sendable {
        var events: Deque<[UInt8]> = []
        var bytes = 0
        var missed: UInt64 = 0
        var isClosed = false

        mutating func tellMissed() {
            guard missed > 0 else { return }
            var text: [UInt8] = []
            EventStreamText.append(GapNotice(missed: missed), to: &text)
            events.append(text)
            bytes += text.count
            missed = 0
        }
    }

    private let signal: StreamSignal
    private let limit: Int
    private let state = Locked(State())

    init(_ signal: StreamSignal, limit: Int = GatewayLimits.traceBacklog) {
        self.signal = signal
        self.limit = limit
    }

    func append(_ event: [UInt8]) {
        state.withLock { state in
            guard state.bytes + event.count <= limit else {
                state.missed += 1
                return
            }
            state.tellMissed()
            state.events.append(event)
            state.bytes += event.count
        }
        signal.wake()
    }

    /// No more comes.
    func close() {
        state.withLock { $0.isClosed = true }
        signal.wake()
    }

    func next(_ size: Int) -> StreamPiece {
        state.withLock { state in
            if state.events.isEmpty { state.tellMissed() }
            var text: [UInt8] = []
            while text.count < size, let event = state.events.popFirst() {
                text += event
                state.bytes -= event.count
            }
            if !text.isEmpty { return .bytes(text) }
            return state.isClosed ? .end : .nothing
        }
    }
}
