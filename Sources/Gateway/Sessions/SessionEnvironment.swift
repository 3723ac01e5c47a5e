import Logging
import MSNPClient

/// What a session needs of the process around it.
struct SessionEnvironment: Sendable {
    let clock: GatewayClock
    let runtime: ClientRuntime
    let loops: SessionLoops
    let logger: Logger
    let currentLimits: Current<GatewayLimits>
    let journals: JournalBudget
    /// Called without any lock when the journals hold more than they may.
    let trimJournals: @Sendable () -> Void
    /// Called once, when the session has ended.
    let ended: @Sendable (Session) -> Void
    /// Called where work that grows with a session's contacts is under way, and no lock is held; for tests.
    var atLength: @Sendable (Session) -> Void = { _ in }

    var limits: GatewayLimits { currentLimits.value }
}
