import MSNP

/// When each running timer of a session is up.
///
/// They are a handful, so lists are looked through sooner than a dictionary has computed a hash, and take a quarter of its room:
/// a dictionary took 1,100 bytes in each session, and 20 µs of a sign-in.
struct SessionDeadlines {
    /// The timers of one flow; those of conversations, which most sessions have none of, take twice the room.
    private struct List<Timer: Equatable> {
        private var entries: [(timer: Timer, due: ContinuousClock.Instant)] = []

        var earliest: ContinuousClock.Instant? {
            guard var earliest = entries.first?.due else { return nil }
            for entry in entries where entry.due < earliest { earliest = entry.due }
            return earliest
        }

        subscript(timer: Timer) -> ContinuousClock.Instant? {
            get { place(of: timer).map { entries[$0].due } }
            set {
                switch (newValue, place(of: timer)) {
                case (let due?, let place?): entries[place].due = due
                case (let due?, nil): entries.append((timer, due))
                case (nil, let place?):
                    // Their order means nothing.
                    entries.swapAt(place, entries.count - 1)
                    entries.removeLast()
                case (nil, nil): break
                }
            }
        }

        func due(at now: ContinuousClock.Instant) -> [(timer: Timer, due: ContinuousClock.Instant)] {
            entries.filter { $0.due <= now }
        }

        mutating func pass(_ duration: Duration) {
            for place in entries.indices { entries[place].due -= duration }
        }

        private func place(of timer: Timer) -> Int? { entries.firstIndex { $0.timer == timer } }
    }

    private var notification = List<FlowTimer>()
    private var conversation = List<ConversationTimer>()
    private var pause: ContinuousClock.Instant?

    /// The first of them; nil where none runs.
    var earliest: ContinuousClock.Instant? {
        Self.earlier(Self.earlier(notification.earliest, conversation.earliest), pause)
    }

    private static func earlier(
        _ one: ContinuousClock.Instant?, _ other: ContinuousClock.Instant?
    ) -> ContinuousClock.Instant? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
    }

    /// When a timer is up; nil where it does not run.
    subscript(timer: SessionTimer) -> ContinuousClock.Instant? {
        get {
            switch timer {
            case .notification(let timer): notification[timer]
            case .conversation(let timer): conversation[timer]
            case .pause: pause
            }
        }
        set {
            switch timer {
            case .notification(let timer): notification[timer] = newValue
            case .conversation(let timer): conversation[timer] = newValue
            case .pause: pause = newValue
            }
        }
    }

    /// Those that are up, in the order in which they are.
    func due(at now: ContinuousClock.Instant) -> [(timer: SessionTimer, due: ContinuousClock.Instant)] {
        var due = notification.due(at: now).map { (timer: SessionTimer.notification($0.timer), due: $0.due) }
        due += conversation.due(at: now).map { (timer: .conversation($0.timer), due: $0.due) }
        if let pause, pause <= now { due.append((.pause, pause)) }
        return due.sorted { $0.due < $1.due }
    }

    /// Has so much of the time to each be over.
    mutating func pass(_ duration: Duration) {
        notification.pass(duration)
        conversation.pass(duration)
        pause = pause.map { $0 - duration }
    }
}
