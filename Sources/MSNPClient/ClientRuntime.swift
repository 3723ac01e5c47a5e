package import Loops
package import MSNP

/// The loops that sessions live on.
package final class ClientRuntime: Sendable {
    private let group: LoopGroup
    private let turns: TurnWatch
    /// How many connections its sessions may have.
    package let connections: ConnectionBudget
    /// All of them; there is at least one.
    package let loops: [ClientLoop]

    /// What a turn of a loop may take before it counts as long: what people notice begins at about twice that.
    package static let longTurn: Duration = .milliseconds(50)

    /// Has sessions live on the loops of a group, which ends with the runtime.
    package init(
        on group: LoopGroup, connections: ConnectionBudget = ConnectionBudget(),
        longTurn: Duration = ClientRuntime.longTurn
    ) {
        self.group = group
        self.connections = connections
        let turns = TurnWatch(limit: longTurn)
        self.turns = turns
        loops = group.loops.map { ClientLoop(on: $0, turns) }
        // False only for a loop that has ended, on which nobody can live anyway.
        for loop in loops { _ = loop.eventLoop.join(loop, at: loop.place) }
    }

    /// Starts loops for it alone; sessions spend microseconds on each event, so one for each core is plenty.
    package convenience init(
        loops: Int, connections: ConnectionBudget = ConnectionBudget(), longTurn: Duration = ClientRuntime.longTurn
    ) throws(SystemCallError) {
        self.init(on: try LoopGroup(count: loops), connections: connections, longTurn: longTurn)
    }

    /// Turns of the loops that took longer than they may, and most of it for sessions.
    package var longTurns: Int { turns.count }

    /// Has somebody told of each long turn, on the loop that it was on.
    package func onLongTurn(_ observer: @escaping @Sendable (LongTurn) -> Void) { turns.observe(observer) }

    /// Where what belongs to no session is done at its time: looking for what is over, and at the keys.
    package var household: any SessionLoop { loops[0] }

    /// Prepares a session on one of the runtime's loops; call its `start()`.
    package func makeSession(
        on loop: any SessionLoop,
        backend: Backend, offer: SignInOffer, status: Presence, digest: @escaping @Sendable (String) -> String,
        now: @escaping @Sendable () -> Int64, admitsCall: @escaping @Sendable (String) -> Bool = { _ in true },
        conversations: KnownConversations = KnownConversations(), tap: WireTap? = nil,
        observer: @escaping @Sendable (SessionEvent) -> Void
    ) -> NotificationSession {
        guard let loop = loop as? ClientLoop else { preconditionFailure("sessions live on a runtime's own loops") }
        return NotificationSession(
            backend: backend, offer: offer, status: status, loop: loop, connections: connections, digest: digest,
            now: now,
            admitsCall: admitsCall, conversations: conversations, tap: tap, observer: observer)
    }

    /// Ends the loops; sessions must have ended before.
    package func shutdown() async { await group.shutdown() }
}
