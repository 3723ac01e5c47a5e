import Locking

@testable import GatewayClient

/// Time that passes when somebody sleeps, and then at once.
final class TestTime: Sendable {
    private let state = Locked((now: Duration.zero, slept: [Duration]()))

    /// What was slept, in order.
    var slept: [Duration] { state.withLock { $0.slept } }

    /// Options with this time, and waits without chance: half of what they could be.
    var options: ClientOptions {
        var options = ClientOptions()
        options.time = ClientTime(
            now: { self.state.withLock { $0.now } },
            sleep: { duration in
                try Task.checkCancellation()
                self.state.withLock {
                    $0.now += duration
                    $0.slept.append(duration)
                }
            },
            random: { 0 })
        return options
    }
}
