import Locking
import Logging

/// Tells the log of something that should be rare, at most once in a while, and how often that was: who causes it must not
/// choose how long the log gets.
final class RateLimitedWarning: Sendable {
    private struct State: Sendable {
        var last: Duration?
        var count = 0
    }

    /// At least so long between two lines.
    static let interval: Duration = .seconds(10)

    private let message: Logger.Message
    /// What the count is called.
    private let counted: String
    private let logger: Logger
    private let clock: GatewayClock
    private let state = Locked(State())

    init(_ message: Logger.Message, counting counted: String, _ logger: Logger, _ clock: GatewayClock) {
        self.message = message
        self.counted = counted
        self.logger = logger
        self.clock = clock
    }

    /// It has happened.
    func note(_ metadata: Logger.Metadata) {
        let now = clock.uptime()
        let count: Int? = state.withLock { state in
            state.count += 1
            if let last = state.last, now - last < Self.interval { return nil }
            defer { state.count = 0 }
            state.last = now
            return state.count
        }
        guard let count else { return }
        logger.warning(message, metadata: metadata.merging([counted: "\(count)"]) { $1 })
    }
}
