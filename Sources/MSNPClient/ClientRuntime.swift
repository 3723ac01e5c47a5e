package import MSNP
import NIOCore
import NIOPosix

/// The event loops that sessions live on, without NIO in sight of whoever uses them.
package final class ClientRuntime: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let gate: ConnectionGate
    /// How many connections its sessions may have.
    package let connections: ConnectionBudget

    /// Starts the loops; sessions spend microseconds on each event, so one for each core is plenty.
    package init(loops: Int, connections: ConnectionBudget = ConnectionBudget()) {
        self.connections = connections
        gate = ConnectionGate(budget: connections)
        group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, loops))
    }

    /// Prepares a session on the next loop; call its `start()`.
    package func makeSession(
        backend: Backend, offer: SignInOffer, status: Presence, digest: @escaping @Sendable (String) -> String,
        now: @escaping @Sendable () -> Int64, admitsCall: @escaping @Sendable (String) -> Bool = { _ in true },
        tap: WireTap? = nil,
        observer: @escaping @Sendable (SessionEvent) -> Void
    ) -> NotificationSession {
        NotificationSession(
            backend: backend, offer: offer, status: status, eventLoop: group.next(), gate: gate, digest: digest,
            now: now,
            admitsCall: admitsCall, tap: tap, observer: observer)
    }

    /// Runs a short body after a delay, on one of the loops; it never runs once `shutdown` has returned.
    @discardableResult
    package func schedule(after delay: Duration, _ body: @escaping @Sendable () -> Void) -> ScheduledWork {
        ScheduledWork(group.next().scheduleTask(in: TimeAmount(delay), body))
    }

    /// Ends the loops; sessions must have ended before.
    package func shutdown() async {
        gate.close()
        // The only error is a second shutdown, which changes nothing.
        try? await group.shutdownGracefully()
    }
}
