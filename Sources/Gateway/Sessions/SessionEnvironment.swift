import Logging
import MSNPClient

/// What a session needs of the process around it: one object for all sessions.
final class SessionEnvironment: Sendable {
    let clock: GatewayClock
    let runtime: ClientRuntime
    let loops: SessionLoops
    let logger: Logger
    let currentLimits: Current<GatewayLimits>
    let journals: JournalBudget
    let reads: KeptReads
    /// Where what happens outlives the process; nil where nothing does.
    let state: StateKeeper?
    /// Called without any lock when the journals hold more than they may.
    let trimJournals: @Sendable () -> Void
    /// Called when the session has ended, or could not be brought back; what it does at the same moment is called in it.
    let ended: @Sendable (Session, _ settle: () -> Void) -> Void
    /// Called where work that grows with a session's contacts is under way, and no lock is held; for tests.
    let atLength: @Sendable (Session) -> Void

    init(
        clock: GatewayClock, runtime: ClientRuntime, loops: SessionLoops, logger: Logger,
        currentLimits: Current<GatewayLimits>, journals: JournalBudget, reads: KeptReads, state: StateKeeper? = nil,
        trimJournals: @escaping @Sendable () -> Void,
        ended: @escaping @Sendable (Session, _ settle: () -> Void) -> Void,
        atLength: @escaping @Sendable (Session) -> Void = { _ in }
    ) {
        self.clock = clock
        self.runtime = runtime
        self.loops = loops
        self.logger = logger
        self.currentLimits = currentLimits
        self.journals = journals
        self.reads = reads
        self.state = state
        self.trimJournals = trimJournals
        self.ended = ended
        self.atLength = atLength
    }

    var limits: GatewayLimits { currentLimits.value }
}
