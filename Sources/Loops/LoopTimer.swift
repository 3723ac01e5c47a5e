import Synchronization

/// Something that a loop does at its time, unless it is cancelled before.
package final class LoopTimer: Sendable {
    private let id: UInt64
    private let loop: EventLoop
    private let body: @Sendable () -> Void
    private let isCancelled = Atomic(false)

    fileprivate init(_ id: UInt64, of loop: EventLoop, _ body: @escaping @Sendable () -> Void) {
        self.id = id
        self.loop = loop
        self.body = body
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

    func fire() { if !isCancelled.load(ordering: .acquiring) { body() } }

    fileprivate func set(at deadline: ContinuousClock.Instant) {
        guard !isCancelled.load(ordering: .acquiring) else { return }
        loop.own.timers[id] = self
        loop.own.deadlines.insert(id, at: deadline)
    }
}

extension EventLoop {
    /// Runs a short body on the loop at a time, and never once the loop has ended; any thread may ask.
    @discardableResult
    package func at(_ deadline: ContinuousClock.Instant, _ body: @escaping @Sendable () -> Void) -> LoopTimer {
        let timer = LoopTimer(lastTimer.wrappingAdd(1, ordering: .relaxed).newValue, of: self, body)
        if isCurrent {
            timer.set(at: deadline)
        } else {
            _ = post { timer.set(at: deadline) }
        }
        return timer
    }

    /// Runs a short body on the loop after a delay.
    @discardableResult
    package func after(_ delay: Duration, _ body: @escaping @Sendable () -> Void) -> LoopTimer {
        at(.now + delay, body)
    }
}
