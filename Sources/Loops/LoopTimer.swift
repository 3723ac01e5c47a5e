import Synchronization

/// Something that a loop does at its time, unless it is cancelled before.
///
/// What is to be done is the loop's alone (`Pending`) and goes with it: whoever sets a timer mostly keeps it, and what it does
/// mostly holds whoever has set it.
package final class LoopTimer: Sendable {
    /// What a loop holds of a timer until it has fired, is cancelled, or the loop ends.
    struct Pending {
        let timer: LoopTimer
        let body: @Sendable () -> Void

        func fire() { if !timer.isCancelled.load(ordering: .acquiring) { body() } }
    }

    private let id: UInt64
    private let loop: EventLoop
    private let isCancelled = Atomic(false)

    fileprivate init(_ id: UInt64, of loop: EventLoop) {
        self.id = id
        self.loop = loop
    }

    /// Keeps it from firing, if it has not begun; any thread may.
    package func cancel() {
        // The flag is for one that is on its way to the loop: there is nothing to take out yet.
        isCancelled.store(true, ordering: .releasing)
        let (id, loop) = (id, loop)
        if loop.isCurrent {
            loop.own.timers[id] = nil
        } else {
            _ = loop.post { loop.own.timers[id] = nil }
        }
    }

    fileprivate func set(at deadline: MonotonicInstant, _ body: @escaping @Sendable () -> Void) {
        guard !isCancelled.load(ordering: .acquiring) else { return }
        loop.own.timers[id] = Pending(timer: self, body: body)
        loop.own.deadlines.insert(id, at: deadline)
    }
}

extension EventLoop {
    /// Runs a short body on the loop at a time, and never once the loop has ended; any thread may ask.
    @discardableResult
    package func at(_ deadline: MonotonicInstant, _ body: @escaping @Sendable () -> Void) -> LoopTimer {
        let timer = LoopTimer(lastTimer.wrappingAdd(1, ordering: .relaxed).newValue, of: self)
        if isCurrent {
            timer.set(at: deadline, body)
        } else {
            _ = post { timer.set(at: deadline, body) }
        }
        return timer
    }

    /// Runs a short body on the loop after a delay.
    @discardableResult
    package func after(_ delay: Duration, _ body: @escaping @Sendable () -> Void) -> LoopTimer {
        at(.now + delay, body)
    }
}
