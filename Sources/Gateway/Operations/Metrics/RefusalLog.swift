import Locking
import Logging

/// Tells the log that something is refused, at most once in a while, and how often that was: who causes refusals must not
/// choose how long the log gets.
final class RefusalLog: Sendable {
    private struct State: Sendable {
        var last: Duration?
        var count = 0
    }

    /// At least so long between two lines.
    static let interval: Duration = .seconds(10)

    private let message: Logger.Message
    private let logger: Logger
    private let clock: GatewayClock
    private let state = Locked(State())

    init(_ message: Logger.Message, _ logger: Logger, _ clock: GatewayClock) {
        self.message = message
        self.logger = logger
        self.clock = clock
    }

    /// Something was refused.
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
        logger.warning(message, metadata: metadata.merging(["refused": "\(count)"]) { $1 })
    }
}
