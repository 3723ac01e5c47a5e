import Glibc
import Loops

/// Where the gateway's times come from, so that tests can say what time it is.
package struct GatewayClock: Sendable {
    /// Milliseconds since 1970, for people.
    package var milliseconds: @Sendable () -> Int64
    /// Time since some moment of the past, which never jumps, for measuring.
    package var uptime: @Sendable () -> Duration

    package init(milliseconds: @escaping @Sendable () -> Int64, uptime: @escaping @Sendable () -> Duration) {
        self.milliseconds = milliseconds
        self.uptime = uptime
    }

    /// The system's clocks.
    package static let system: GatewayClock = {
        let start = MonotonicInstant.now
        return GatewayClock(milliseconds: { millisecondsNow() }, uptime: { MonotonicInstant.now - start })
    }()

    private static func millisecondsNow() -> Int64 {
        var time = timespec()
        // Fills the structure.
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    var now: Timestamp { Timestamp(milliseconds: milliseconds()) }
}
