import Locking
import Loops
import MSNPClient

/// A loop whose turns a test runs by hand, and whose time passes when the test says so.
final class ManualLoop: SessionLoop {
    private struct State: Sendable {
        /// Ahead of the clock that everybody begins with.
        var now = MonotonicInstant.now + .seconds(3_600)
        var isCurrent = false
        var isOpen = true
        var posted: [@Sendable () -> Void] = []
        var atEnd: [@Sendable () -> Void] = []
        var deadlines: [Int: (due: MonotonicInstant, body: @Sendable () -> Void)] = [:]
        var deadlinesMade = 0
        var whenSet: (@Sendable () -> Void)?
    }

    private let state = Locked(State())

    var now: MonotonicInstant { state.withLock { $0.now } }
    /// How many deadlines are set.
    var deadlines: Int { state.withLock { $0.deadlines.count } }

    var isCurrent: Bool { state.withLock { $0.isCurrent } }

    func post(_ body: @escaping @Sendable () -> Void) -> Bool {
        state.withLock { state in
            if state.isOpen { state.posted.append(body) }
            return state.isOpen
        }
    }

    func atEndOfTurn(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.atEnd.append(body) } }

    func after(_ delay: Duration, _ body: @escaping @Sendable () -> Void) -> ScheduledWork {
        let (number, whenSet) = state.withLock { state in
            state.deadlinesMade += 1
            if state.isOpen { state.deadlines[state.deadlinesMade] = (state.now + delay, body) }
            defer { state.whenSet = nil }
            return (state.deadlinesMade, state.whenSet)
        }
        whenSet?()
        return ScheduledWork { [weak self] in self?.state.withLock { $0.deadlines[number] = nil } }
    }

    /// Has this done once, when the next deadline is set and whoever sets it does not know it yet.
    func whenDeadlineIsSet(_ body: @escaping @Sendable () -> Void) { state.withLock { $0.whenSet = body } }

    /// One turn: what was posted, what its sockets say, and what is to be done at the end.
    func turn(_ body: () -> Void = {}) {
        state.withLock { $0.isCurrent = true }
        for posted in takePosted() { posted() }
        body()
        var ends = takeEnds()
        while !ends.isEmpty {
            for end in ends { end() }
            ends = takeEnds()
        }
        state.withLock { $0.isCurrent = false }
    }

    /// Lets time pass, and runs what is due then in a turn.
    func pass(_ duration: Duration) {
        let due = state.withLock { state in
            state.now += duration
            let due = state.deadlines.filter { $0.value.due <= state.now }
            for number in due.keys { state.deadlines[number] = nil }
            return due.values.sorted { $0.due < $1.due }
        }
        turn { for (_, body) in due { body() } }
    }

    /// Nothing can be posted any more, and nothing that was is kept: it would keep its session, and that this loop.
    func close() {
        // Let go without the lock, as whoever is let go may have something to say here.
        _ = state.withLock { state in
            state.isOpen = false
            defer { (state.posted, state.atEnd, state.deadlines, state.whenSet) = ([], [], [:], nil) }
            return (state.posted, state.atEnd, state.deadlines, state.whenSet)
        }
    }

    private func takePosted() -> [@Sendable () -> Void] {
        state.withLock { state in
            defer { state.posted = [] }
            return state.posted
        }
    }

    private func takeEnds() -> [@Sendable () -> Void] {
        state.withLock { state in
            defer { state.atEnd = [] }
            return state.atEnd
        }
    }
}
