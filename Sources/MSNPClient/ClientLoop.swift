package import Loops

/// An event loop on which sessions live: what is shared by them is here, and their part of each turn.
///
/// Unchecked, because `backlog`, `decodingRoom`, `moment` and `meter` are the loop's thread's alone; whoever comes to them is called by the loop.
package final class ClientLoop: @unchecked Sendable {
    package let eventLoop: EventLoop
    /// Its place at the event loop.
    let place: EventLoop.Place
    private let turns: TurnWatch
    /// Connections that have more to say than they may at once.
    let backlog = Backlog()
    /// Room for a command or two, lent to whichever connection decodes: most hold none between two of them.
    var decodingRoom: [UInt8] = []
    /// What time it is while a connection reports frames, looked at for each but the last; nil else.
    var moment: MonotonicInstant?
    /// What this turn has done so far.
    var meter = TurnMeter()
    /// Connections of sessions that were begun here.
    private var begun = 0

    init(on eventLoop: EventLoop, _ turns: TurnWatch) {
        self.eventLoop = eventLoop
        self.turns = turns
        place = eventLoop.reserve()
    }
}

extension ClientLoop {
    /// Connections for which room is made at once.
    private static let connectionsAtOnce = 2

    /// A session is about to connect, and to keep what it hears.
    func makeRoom() {
        if begun.isMultiple(of: Self.connectionsAtOnce) { HeapRoom.make() }
        begun &+= 1
    }
}

extension ClientLoop {
    /// What time it is, for what a frame begins: each look at the clock costs 0.04 µs, and a sign-in with 20 contacts took 200.
    var time: MonotonicInstant { moment ?? .now }
}

extension ClientLoop: SessionLoop {
    package var isCurrent: Bool { eventLoop.isCurrent }

    package func post(_ body: @escaping @Sendable () -> Void) -> Bool { eventLoop.post(body) }

    package func atEndOfTurn(_ body: @escaping @Sendable () -> Void) { eventLoop.atEndOfTurn(body) }

    package func after(_ delay: Duration, _ body: @escaping @Sendable () -> Void) -> ScheduledWork {
        let timer = eventLoop.after(delay, body)
        return ScheduledWork { timer.cancel() }
    }
}

extension ClientLoop: LoopGuest {
    package var longTurn: Duration { turns.limit }
    package var spent: Duration { meter.spent }
    package var isBusy: Bool { !backlog.isEmpty }

    package func turnBegan() { meter = TurnMeter() }
    package func resume(at now: MonotonicInstant) { meter.resume(at: now) }
    package func pause(at now: MonotonicInstant) { meter.pause(at: now) }
    // It has sockets at the loop, and no descriptors of its own.
    package func happened(_ tag: UInt64) {}

    package var hasTurn: Bool { !backlog.isEmpty }

    package func takeTurn() {
        meter.endReading()
        backlog.takeTurn()
    }

    package func nextDeadline() -> MonotonicInstant? { nil }

    package func turnWasLong(_ whole: Duration) { turns.note(meter.turn(of: whole, tasks: eventLoop.tasks)) }

    // Sessions have ended before their loops are told to.
    package func isFinished(loopEnds: Bool) -> Bool { loopEnds }
    package func leave() {}
}
