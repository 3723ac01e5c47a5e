import DequeModule
import Loops

/// The connections of one event loop that have more frames than they may report at once; they take turns.
///
/// An event loop serves hundreds of sessions. However much servers send, the loop returns to its sockets after `turn`,
/// and a connection with few frames reports them right there, before all that wait here.
final class Backlog {
    /// The time for all waiting connections together in one turn: some sixty events.
    ///
    /// A quiet session waits for one turn at most, so this is the latency that a flood adds to it.
    static let turn: Duration = .milliseconds(2)
    /// The time for one of them before the next.
    static let slice: Duration = .microseconds(500)

    private var waiting: Deque<FrameHandler> = []

    /// Whether nobody waits; else the loop comes back without waiting, and looks at its sockets in between.
    var isEmpty: Bool { waiting.isEmpty }

    /// Calls a handler again, after those that wait already.
    func add(_ handler: FrameHandler) { waiting.append(handler) }

    /// Those that wait, for as long as the turn has time.
    func takeTurn() {
        guard !waiting.isEmpty else { return }
        var now = MonotonicInstant.now
        let end = now + Self.turn
        while now < end, let handler = waiting.popFirst() {
            if handler.reportMore(from: now, until: min(end, now + Self.slice)) { waiting.append(handler) }
            now = .now
        }
    }
}
