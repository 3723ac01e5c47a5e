package import MSNP
import NIOCore
import NIOPosix

/// The loops that sessions live on, without NIO in sight of whoever uses them.
package final class ClientRuntime: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let nioLoops: [NIOSessionLoop]
    private let gate: ConnectionGate
    private let turns: TurnWatch
    /// How many connections its sessions may have.
    package let connections: ConnectionBudget

    /// What a turn of a loop may take before it counts as long: what people notice begins at about twice that.
    package static let longTurn: Duration = .milliseconds(50)

    /// Starts the loops; sessions spend microseconds on each event, so one for each core is plenty.
    package init(
        loops: Int, connections: ConnectionBudget = ConnectionBudget(), longTurn: Duration = ClientRuntime.longTurn
    ) {
        self.connections = connections
        gate = ConnectionGate(budget: connections)
        turns = TurnWatch(limit: longTurn)
        group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, loops), metricsDelegate: turns)
        nioLoops = group.makeIterator().map { NIOSessionLoop($0) }
    }

    /// All of them; there is at least one.
    package var loops: [any SessionLoop] { nioLoops }

    /// Turns of the loops that took longer than they may.
    package var longTurns: Int { turns.count }

    /// Has somebody told of each long turn, on the loop that it was on.
    package func onLongTurn(_ observer: @escaping @Sendable (LongTurn) -> Void) { turns.observe(observer) }

    /// Where what belongs to no session is done at its time: looking for what is over, and at the keys.
    package var household: any SessionLoop { nioLoops[0] }

    /// Prepares a session on one of the runtime's loops; call its `start()`.
    package func makeSession(
        on loop: any SessionLoop,
        backend: Backend, offer: SignInOffer, status: Presence, digest: @escaping @Sendable (String) -> String,
        now: @escaping @Sendable () -> Int64, admitsCall: @escaping @Sendable (String) -> Bool = { _ in true },
        tap: WireTap? = nil,
        observer: @escaping @Sendable (SessionEvent) -> Void
    ) -> NotificationSession {
        guard let loop = loop as? NIOSessionLoop else { preconditionFailure("sessions live on a runtime's own loops") }
        return NotificationSession(
            backend: backend, offer: offer, status: status, eventLoop: loop.eventLoop, gate: gate, digest: digest,
            now: now,
            admitsCall: admitsCall, tap: tap, observer: observer)
    }

    /// Ends the loops; sessions must have ended before.
    package func shutdown() async {
        gate.close()
        for loop in nioLoops { loop.close() }
        // The only error is a second shutdown, which changes nothing.
        try? await group.shutdownGracefully()
    }
}
