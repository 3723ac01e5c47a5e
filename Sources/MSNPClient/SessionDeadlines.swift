import Loops
import MSNP

/// When each running timer of a session is up.
///
/// A session that is online has a handful of those of which there is one each. A list is looked through sooner than a dictionary has
/// computed a hash, and takes a quarter of its room: a dictionary of all took 1,100 bytes in each session, and 20 µs of a sign-in.
/// Requests and conversations have as many as callers and servers make them, thousands at worst, and mostly none.
struct SessionDeadlines {
    /// As many as a session has at once, mostly.
    private static let usual = 6

    private var single: [(timer: FlowTimer, due: MonotonicInstant)] = []
    private var many: [SessionTimer: MonotonicInstant] = [:]
    private var pause: MonotonicInstant?

    /// The first of them; nil where none runs.
    var earliest: MonotonicInstant? {
        var earliest = pause
        for entry in single { earliest = min(earliest ?? entry.due, entry.due) }
        for due in many.values { earliest = min(earliest ?? due, due) }
        return earliest
    }

    /// When a timer is up; nil where it does not run.
    subscript(timer: SessionTimer) -> MonotonicInstant? {
        get {
            switch timer {
            case .notification(.request), .conversation: many[timer]
            case .notification(let timer): place(of: timer).map { single[$0].due }
            case .pause: pause
            }
        }
        set {
            switch timer {
            case .notification(.request), .conversation: many[timer] = newValue
            case .notification(let timer): set(timer, newValue)
            case .pause: pause = newValue
            }
        }
    }

    /// Those that are up, in the order in which they are.
    func due(at now: MonotonicInstant) -> [(timer: SessionTimer, due: MonotonicInstant)] {
        var due: [(timer: SessionTimer, due: MonotonicInstant)] = []
        for entry in single where entry.due <= now { due.append((.notification(entry.timer), entry.due)) }
        for entry in many where entry.value <= now { due.append((entry.key, entry.value)) }
        if let pause, pause <= now { due.append((.pause, pause)) }
        return due.sorted { $0.due < $1.due }
    }

    /// Has so much of the time to each be over.
    mutating func pass(_ duration: Duration) {
        for place in single.indices { single[place].due -= duration }
        many = many.mapValues { $0 - duration }
        pause = pause.map { $0 - duration }
    }

    private func place(of timer: FlowTimer) -> Int? { single.firstIndex { $0.timer == timer } }

    private mutating func set(_ timer: FlowTimer, _ due: MonotonicInstant?) {
        switch (due, place(of: timer)) {
        case (let due?, let place?): single[place].due = due
        case (let due?, nil):
            if single.isEmpty { single.reserveCapacity(Self.usual) }
            single.append((timer, due))
        case (nil, let place?):
            // Their order means nothing.
            single.swapAt(place, single.count - 1)
            single.removeLast()
        case (nil, nil): break
        }
    }
}
