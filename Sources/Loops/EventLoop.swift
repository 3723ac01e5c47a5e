import CLinux
import Dispatch
import Glibc
import Locking
import Synchronization

/// An event loop: one thread that looks what has happened at its descriptors and does what it was given, in turns.
///
/// A turn: what has happened at descriptors, what other threads have given, what is due, and what all of that gave; then
/// what waits for the end of the turn, and the turns of the guests.
///
/// It is the serial executor of whatever actor lives on it, and no task executor: tasks have one of their own.
///
/// Unchecked, because all but `incoming`, `thread`, `poller` and `wakeup` is the thread's alone: `LoopState` is reached by way
/// of `own`, which looks whether the caller is there.
package final class EventLoop: SerialExecutor, @unchecked Sendable {
    /// What the loop is given to do.
    enum Work {
        case body(@Sendable () -> Void)
        case job(UnownedJob)
    }

    /// By which the kernel's word is passed to whoever wants it; in the top byte of a tag.
    ///
    /// The loop itself is 0.
    package typealias Place = UInt8

    /// The place of what has no guest: it takes the loop's own time.
    package static let nobody: Place = 0

    /// What sockets may take of a turn before all others have theirs; the rest of them come first in the next.
    ///
    /// A few hundred that have something to say at once would keep callers waiting for tens of milliseconds. It is what guests
    /// have for what they put off, too.
    static let socketTime = Duration.milliseconds(2)

    private static let placeShift: UInt64 = 56
    private static let wakeupTag: UInt64 = 0
    /// No socket's: those are counted from 1.
    private static let alarmTag: UInt64 = 1 << placeShift - 1

    /// Any thread may have it watch something.
    private let poller: Poller
    /// Readable when somebody has something for the loop.
    private let wakeup: Descriptor
    /// Nil once the loop has ended.
    private let incoming = Locked<[Work]?>([])
    /// The `pthread_t` of its thread; 0 before the start and after the end, as the number may then be another's.
    private let thread = Atomic<UInt>(0)
    private let lastPlace = Atomic<UInt8>(0)
    let lastTimer = Atomic<UInt64>(0)
    /// What lengths of turns are measured by; nil for the clock that deadlines go by.
    private let ownTime: (@Sendable () -> MonotonicInstant)?
    /// What comes to the actors of a loop that has ended: one after the other, as they want it; suspended while the loop's
    /// thread still does what came before.
    private let afterlife = DispatchQueue(label: "ended loop")
    private let state: LoopState

    init(time: (@Sendable () -> MonotonicInstant)?) throws(SystemCallError) {
        ownTime = time
        poller = try Poller()
        let number = eventfd(0, gw_eventfd_flags)
        guard number >= 0 else { throw SystemCallError(call: "eventfd", code: errno) }
        wakeup = Descriptor(owning: number)
        try poller.add(number, for: gw_readable, tag: Self.wakeupTag)
        state = LoopState(alarm: try Alarm(on: poller, tag: Self.alarmTag))
    }

    // MARK: - From any thread

    /// Whether the caller is on the loop's thread.
    package var isCurrent: Bool { thread.load(ordering: .relaxed) == UInt(pthread_self()) }

    /// Runs a body on the loop, soon; false once the loop has ended: then it never runs.
    package func post(_ body: @escaping @Sendable () -> Void) -> Bool { give(.body(body)) }

    /// Has the loop come round; on its own thread a guest says by `isBusy` that there is something.
    package func wake() { eventfd_write(wakeup.number, 1) }

    /// Ends the loop when its guests have left.
    package func end() {
        _ = post { self.own.isEnding = true }
    }

    /// A place for a guest, before it joins.
    package func reserve() -> Place {
        let place = lastPlace.wrappingAdd(1, ordering: .relaxed).newValue
        precondition(place > 0, "a loop has a handful of guests")
        return place
    }

    /// Watches a descriptor for `interest`, a mask of epoll's, for a guest; events are reported with `tag`, less than 2⁵⁶.
    package func watch(
        _ descriptor: Int32, for interest: UInt32, tag: UInt64, of place: Place
    ) throws(SystemCallError) {
        try poller.add(descriptor, for: interest, tag: Self.tag(tag, of: place))
    }

    /// Watches a descriptor for something else.
    func rewatch(
        _ descriptor: Int32, for interest: UInt32, tag: UInt64, of place: Place
    ) throws(SystemCallError) {
        try poller.change(descriptor, for: interest, tag: Self.tag(tag, of: place))
    }

    /// Watches a descriptor no more.
    package func unwatch(_ descriptor: Int32) { poller.remove(descriptor) }

    /// Lets a guest in that has a place, and that the caller must not touch again; false once the loop has ended.
    package func join(_ guest: any LoopGuest, at place: Place) -> Bool {
        // In nobody's hands but the loop's from here on.
        nonisolated(unsafe) let guest = guest
        return post { unsafe self.own.guests.append((place, guest)) }
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        guard !give(.job(job)) else { return }
        // What is still to be done when the loop has ended is done all the same: a task that is dropped would leak all it holds.
        afterlife.async {
            // The queue runs once `run` has let go of the thread; acquiring, because all that was done there was before this.
            precondition(self.thread.load(ordering: .acquiring) == 0, "an ended loop has no thread")
            unsafe job.runSynchronously(on: self.asUnownedSerialExecutor())
        }
    }

    /// Ends the process where an actor of the loop is touched from elsewhere.
    package func checkIsolated() { precondition(isCurrent, "this belongs to its loop's thread") }

    /// The same as a question, which the runtime asks first.
    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    private func give(_ work: Work) -> Bool {
        guard !isCurrent else {
            state.jobs.append(work)
            return true
        }
        let before = incoming.withLock { list in
            defer { list?.append(work) }
            return list?.count
        }
        // The others are taken together with the first.
        if before == 0 { wake() }
        return before != nil
    }

    private static func tag(_ tag: UInt64, of place: Place) -> UInt64 { UInt64(place) << placeShift | tag }

    // MARK: - The thread's own

    /// What is the thread's alone.
    var own: LoopState {
        precondition(isCurrent, "this belongs to its loop's thread")
        return state
    }

    /// When this turn began, after the wait.
    package var now: MonotonicInstant { own.now }

    /// Bodies, jobs and timers of this turn.
    package var tasks: Int { own.tasks }

    /// Runs a body when everything is done that this turn began with, and again after each guest's turn.
    package func atEndOfTurn(_ body: @escaping @Sendable () -> Void) { own.ending.append(LoopState.Ending(body: body)) }

    /// Runs until it is told to end and its guests have left.
    func run() {
        thread.store(UInt(pthread_self()), ordering: .relaxed)
        let state = own
        var room = Poller.Room()
        while !(state.isEnding && state.guests.isEmpty) {
            poller.wait(isPatient: state.isAtRest(), into: &room)
            turn(room.events, state)
        }
        // An actor is in one place at a time: nothing is done there before all is done here.
        afterlife.suspend()
        close(state)
        thread.store(0, ordering: .releasing)
        afterlife.resume()
    }

    private func turn(_ events: [Poller.Event], _ state: LoopState) {
        // The fewest looks at the clock that tell whose time was whose: there were sixteen in a turn with one event, 1.5 µs.
        let began = time()
        state.clock = began
        state.now = ownTime == nil ? began : .now
        for (_, guest) in state.guests { guest.turnBegan() }
        let end = began + Self.socketTime
        var isTimeUp = !serveWaiting(until: end, state)
        for event in events {
            let tag = event.tag & (1 << Self.placeShift - 1)
            let place = Place(event.tag >> Self.placeShift)
            if place > 0 {
                state.enter(place, time)
                state.clock = nil
                state.guest(at: place)?.happened(tag)
            } else if tag == Self.wakeupTag {
                var count: eventfd_t = 0
                // Before the list is taken: one that is posted in between wakes again.
                unsafe eventfd_read(wakeup.number, &count)
            } else if tag == Self.alarmTag {
                state.alarm.wentOff()
            } else if isTimeUp {
                state.ready.note(tag, event.what)
            } else {
                happened(tag, event.what, state)
                isTimeUp = look(state) >= end
            }
        }
        state.enter(0, time)
        for work in takeIncoming() { run(work) }
        state.fireTimers()
        runJobs(state)
        endTurn(state)
        if state.tasks > 0 { state.clock = nil }
        for (place, guest) in state.guests where guest.hasTurn {
            state.enter(place, time)
            guest.takeTurn()
            state.clock = nil
            endTurn(state)
        }
        state.enter(0, time)
        state.letLeave()
        state.judge((state.clock ?? look(state)) - began)
    }

    /// The time that lengths of turns are measured by.
    private func time() -> MonotonicInstant { ownTime?() ?? .now }

    /// Looks what time it is now that something was done.
    private func look(_ state: LoopState) -> MonotonicInstant {
        let now = time()
        state.clock = now
        return now
    }

    /// Runs what waits for the end of the turn, in the loop's own time.
    private func endTurn(_ state: LoopState) {
        guard !state.ending.isEmpty else { return }
        state.enter(0, time)
        state.endTurn()
        state.clock = nil
    }

    /// Has the sockets hear what happened to them for which the last turn had no time, the one that has waited longest first;
    /// whether there is time for more.
    private func serveWaiting(until end: MonotonicInstant, _ state: LoopState) -> Bool {
        while let (number, what) = state.ready.next() {
            happened(number, what, state)
            if look(state) >= end { return false }
        }
        return true
    }

    private func takeIncoming() -> [Work] {
        incoming.withLock { list in
            guard let taken = list, !taken.isEmpty else { return [] }
            list = []
            return taken
        }
    }

    /// Does what was given on the thread itself, and what that gave, up to a limit: the sockets want their turn, too.
    private func runJobs(_ state: LoopState) {
        var left = LoopState.jobsAtATime
        while left > 0, !state.jobs.isEmpty {
            let jobs = state.jobs
            state.jobs = []
            left -= jobs.count
            for work in jobs { run(work) }
        }
    }

    private func run(_ work: Work) {
        state.tasks += 1
        switch work {
        case .body(let body): body()
        case .job(let job): unsafe job.runSynchronously(on: asUnownedSerialExecutor())
        }
    }

    /// Nothing comes from others any more; all that has come is done, so that nothing is left waiting.
    private func close(_ state: LoopState) {
        let last = incoming.withLock { list in
            defer { list = nil }
            return list ?? []
        }
        for work in last { run(work) }
        while true {
            // What is done last may set timers, too: one that stays would hold its loop, which holds it.
            state.timers = [:]
            for listener in Array(state.listeners.values) { listener.abandon() }
            state.listeners = [:]
            // Nobody is told: whoever has a connection has ended before.
            for socket in Array(state.sockets.values) { socket.abandon() }
            state.sockets = [:]
            guard !state.jobs.isEmpty || !state.ending.isEmpty else { return }
            runJobs(state)
            state.endTurn()
        }
    }

    private func happened(_ number: UInt64, _ what: UInt32, _ state: LoopState) {
        // Numbers are never used twice: what was closed earlier in this turn finds nothing, whoever has its descriptor now.
        if let socket = state.sockets[number] {
            state.enter(socket.place, time)
            socket.happened(what)
        } else if let listener = state.listeners[number] {
            state.enter(listener.place, time)
            listener.happened()
        }
    }
}
