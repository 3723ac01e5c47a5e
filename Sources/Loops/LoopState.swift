/// What is a loop's thread's alone.
final class LoopState {
    /// Bodies and jobs that a turn does; the others come in the next, after a look at the sockets.
    static let jobsAtATime = 1_024
    /// What waits for the end of a turn.
    ///
    /// A structure, as a function that stands in an array by itself is wrapped in another, which is an allocation each time.
    struct Ending {
        let body: @Sendable () -> Void
    }

    /// Timers that a turn fires: those of thousands of sessions that began together are due together.
    private static let timersAtATime = 256

    var alarm: Alarm
    var now = MonotonicInstant.now
    var guests: [(place: EventLoop.Place, guest: any LoopGuest)] = []
    var jobs: [EventLoop.Work] = []
    var ending: [Ending] = []
    /// Room for what the end of a turn adds for its end.
    private var endingRoom: [Ending] = []
    var timers: [UInt64: LoopTimer.Pending] = [:]
    var deadlines = DeadlineQueue()
    var sockets: [UInt64: Socket] = [:]
    var listeners: [UInt64: Listener] = [:]
    /// The sockets and listeners for which the last turn had no time.
    var ready = ReadySockets()
    private var lastNumber: UInt64 = 0
    /// What sockets read into, one after the other; lent while somebody looks at it.
    ///
    /// Nothing is written into it before: nobody looks at more than what was read, and most is never touched, so that the kernel
    /// has no memory for it (60 kB for each loop).
    var readRoom = unsafe [UInt8](unsafeUninitializedCapacity: Socket.readSize) { $1 = $0.count }
    var isEnding = false
    /// Bodies, jobs and timers since the last turn's end.
    var tasks = 0
    /// Whose time it is.
    private var current: EventLoop.Place = 0
    /// When somebody last looked at the clock that lengths of turns are measured by; nil where something was done since.
    var clock: MonotonicInstant?

    init(alarm: consuming Alarm) { self.alarm = alarm }

    /// What a socket or a listener is known by, and never another one.
    func nextNumber() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    /// The time that follows is a guest's, or with 0 the loop's own.
    func enter(_ place: EventLoop.Place, _ time: () -> MonotonicInstant) {
        guard place != current else { return }
        let now = clock ?? time()
        clock = now
        guest(at: current)?.pause(at: now)
        current = place
        guest(at: place)?.resume(at: now)
    }

    func guest(at place: EventLoop.Place) -> (any LoopGuest)? {
        // One or two.
        for (known, guest) in guests where known == place { return guest }
        return nil
    }

    /// Sets the alarm for what is due next; whether nothing is to be done unless something happens.
    func isAtRest() -> Bool {
        guard jobs.isEmpty, ending.isEmpty, ready.isEmpty, !guests.contains(where: { $0.guest.isBusy }) else {
            return false
        }
        var next = deadlines.next { timers[$0] != nil }
        for (_, guest) in guests {
            if let other = guest.nextDeadline(), next.map({ other < $0 }) ?? true { next = other }
        }
        if let next { alarm.set(for: next) }
        return true
    }

    func fireTimers() {
        for _ in 0..<Self.timersAtATime {
            guard let id = deadlines.popDue(at: now) else { break }
            // Cancelled ones have gone.
            guard let timer = timers.removeValue(forKey: id) else { continue }
            tasks += 1
            timer.fire()
        }
        deadlines.compact(live: timers.count) { timers[$0] != nil }
    }

    /// Runs what waits for the end of the turn, and what that adds.
    func endTurn() {
        while !ending.isEmpty {
            swap(&ending, &endingRoom)
            for ending in endingRoom { ending.body() }
            endingRoom.removeAll(keepingCapacity: true)
        }
    }

    func letLeave() {
        for (place, guest) in guests where guest.isFinished(loopEnds: isEnding) {
            guests.removeAll { $0.place == place }
            guest.leave()
        }
    }

    /// Tells the guest that took most of a turn that was long.
    func judge(_ whole: Duration) {
        defer { tasks = 0 }
        guard guests.contains(where: { whole > $0.guest.longTurn }) else { return }
        // What is nobody's own was given to the loop for its first guest: bodies, jobs and timers.
        let rest = guests.reduce(whole) { $0 - $1.guest.spent }
        let taken = guests.enumerated().map { $0.element.guest.spent + ($0.offset == 0 ? rest : .zero) }
        guard let most = taken.indices.max(by: { taken[$0] < taken[$1] }) else { return }
        if whole > guests[most].guest.longTurn { guests[most].guest.turnWasLong(whole) }
    }
}
