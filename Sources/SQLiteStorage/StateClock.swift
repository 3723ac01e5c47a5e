import Storage

/// Seconds for which a state directory was in use, over all processes: what the age of events is measured by.
///
/// A clock of a wall runs backwards, or a day forwards, and would drop what is young or keep what is old.
struct StateClock: Sendable {
    /// What the processes before this one came to.
    private let before: UInt32
    private let start: Duration
    private let uptime: @Sendable () -> Duration

    init(before: UInt32, uptime: @escaping @Sendable () -> Duration) {
        self.before = before
        start = uptime()
        self.uptime = uptime
    }

    var second: UInt32 { before &+ UInt32(clamping: (uptime() - start).components.seconds) }
}
