import NIOCore
import NIOPosix

/// The connections of one event loop that have more to say than they may at once, heard in turn.
///
/// An event loop serves hundreds of sessions. Whatever one server, or many, send to it, the loop comes round to its
/// sockets after `turn`, and a connection that says little is heard right there, before all that wait here.
final class Backlog {
    /// What the waiting connections together may take of the loop at a time: some sixty events.
    ///
    /// A quiet session waits for one turn at most, so this is what a flood adds to its latency.
    static let turn: TimeAmount = .milliseconds(2)
    /// What one of them may take before the next has its turn.
    static let slice: TimeAmount = .microseconds(500)
    /// Between two turns.
    ///
    /// NIO runs everything that is due before it looks at its sockets again, so the next turn has to lie in the future,
    /// if only just.
    static let pause: TimeAmount = .microseconds(100)

    /// What a loop's thread keeps of it.
    private final class Place: Sendable {
        let backlog: NIOLoopBound<Backlog>

        init(on eventLoop: any EventLoop) { backlog = NIOLoopBound(Backlog(), eventLoop: eventLoop) }
    }

    private static let place = ThreadSpecificVariable<Place>()

    /// The one of the event loop that this is called on.
    static func current(on eventLoop: any EventLoop) -> Backlog {
        if let known = place.currentValue { return known.backlog.value }
        let new = Place(on: eventLoop)
        place.currentValue = new
        return new.backlog.value
    }

    private var waiting = CircularBuffer<FrameHandler>()
    private var isScheduled = false

    /// Has a handler called again, after those that wait already.
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
            if handler.goOn(until: min(end, now + Self.slice)) { waiting.append(handler) }
            now = .now()
        }
    }
}
