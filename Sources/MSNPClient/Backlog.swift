import NIOCore
import NIOPosix

/// The connections of one event loop that have more frames than they may report at once; they take turns.
///
/// An event loop serves hundreds of sessions. However much servers send, the loop returns to its sockets after `turn`,
/// and a connection with few frames reports them right there, before all that wait here.
final class Backlog {
    /// The time for all waiting connections together in one turn: some sixty events.
    ///
    /// A quiet session waits for one turn at most, so this is the latency that a flood adds to it.
    static let turn: TimeAmount = .milliseconds(2)
    /// The time for one of them before the next.
    static let slice: TimeAmount = .microseconds(500)
    /// Between two turns.
    ///
    /// NIO runs everything that is due before it looks at its sockets again, so the next turn has to lie in the future,
    /// if only just.
    static let pause: TimeAmount = .microseconds(100)

    /// What a loop's thread stores.
    private final class Place: Sendable {
        let backlog: NIOLoopBound<Backlog>

        init(on eventLoop: any EventLoop) { backlog = NIOLoopBound(Backlog(), eventLoop: eventLoop) }
    }

    private static let place = ThreadSpecificVariable<Place>()

    /// The backlog of the current event loop.
    static func current(on eventLoop: any EventLoop) -> Backlog {
        if let known = place.currentValue { return known.backlog.value }
        let new = Place(on: eventLoop)
        place.currentValue = new
        return new.backlog.value
    }

    private var waiting = CircularBuffer<FrameHandler>()
    private var isScheduled = false

    /// Calls a handler again, after those that wait already.
    func add(_ handler: FrameHandler, on eventLoop: any EventLoop) {
        waiting.append(handler)
        schedule(on: eventLoop)
    }

    private func schedule(on eventLoop: any EventLoop) {
        guard !isScheduled else { return }
        isScheduled = true
        eventLoop.assumeIsolated().scheduleTask(in: Self.pause) {
            self.isScheduled = false
            self.takeTurn()
            if !self.waiting.isEmpty { self.schedule(on: eventLoop) }
        }
    }

    private func takeTurn() {
        let end = NIODeadline.now() + Self.turn
        var now = NIODeadline.now()
        while now < end, let handler = waiting.popFirst() {
            if handler.reportMore(until: min(end, now + Self.slice)) { waiting.append(handler) }
            now = .now()
        }
    }
}
