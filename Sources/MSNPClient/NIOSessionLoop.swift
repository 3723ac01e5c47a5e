import Locking
import NIOCore

/// An event loop of NIO's for sessions: the only kind there is.
final class NIOSessionLoop: SessionLoop {
    let eventLoop: any EventLoop
    /// NIO has nowhere to put what comes to a loop that has ended.
    private let isOpen = Locked(true)

    init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    var isCurrent: Bool { eventLoop.inEventLoop }

    func post(_ body: @escaping @Sendable () -> Void) -> Bool {
        // The loop itself knows that it still runs, and NIO does all that it is given before it ends.
        guard !isCurrent else {
            eventLoop.execute(body)
            return true
        }
        return isOpen.withLock { isOpen in
            if isOpen { eventLoop.execute(body) }
            return isOpen
        }
    }

    // NIO looks at its sockets first and then runs what was given to it, until nothing is left.
    func atEndOfTurn(_ body: @escaping @Sendable () -> Void) {
        eventLoop.assertInEventLoop()
        eventLoop.execute(body)
    }

    func after(_ delay: Duration, _ body: @escaping @Sendable () -> Void) -> ScheduledWork {
        isOpen.withLock { isOpen in
            guard isOpen else { return ScheduledWork {} }
            let scheduled = eventLoop.scheduleTask(in: TimeAmount(delay), body)
            return ScheduledWork { scheduled.cancel() }
        }
    }

    /// Nothing comes to the loop any more but from itself.
    func close() { isOpen.withLock { $0 = false } }
}
