import Dispatch
import Glibc
import Locking
import Logging

/// `SIGTERM`, `SIGINT` and what else asks a process to end: the first asks for the end, the second takes it, and so does time.
///
/// Not left to the service group: it stops listening once it has begun to end, and second signal and deadline are for the
/// case that something hangs, maybe all threads of Swift's pool. Dispatch runs these on a thread of its own.
enum ShutdownSignals {
    private static let queue = DispatchQueue(label: "msnp-gateway.signals")

    /// What asks for the end: service managers, people at a terminal, and engines whose image says so.
    static let usual = [SIGTERM, SIGINT, SIGQUIT]

    /// Watches for these signals from when it returns until the process ends; once in each process.
    ///
    /// `begin` is called with the first, on a thread of Dispatch. After the second the process exits with 128 and the
    /// signal's number, as shells count it; after `budget` with 0, as it was asked to end and did.
    static func watch(
        _ signals: [Int32] = usual, _ logger: Logger, budget: Duration, begin: @escaping @Sendable () -> Void
    ) async {
        let hasBegun = HasBegun()
        for signal in signals {
            let source = DispatchSource.makeSignalSource(signal: signal, queue: queue)
            source.setEventHandler {
                // Keeps the source: one that nobody refers to hears nothing.
                _ = source
                guard hasBegun.becomesTrue() else { _exit(128 + signal) }
                queue.asyncAfter(deadline: .now() + budget / .seconds(1)) {
                    logger.warning("shutting down took too long, leaving the rest")
                    _exit(0)
                }
                begin()
            }
            // Before that the signal would still end the process.
            await withCheckedContinuation { continuation in
                source.setRegistrationHandler { continuation.resume() }
                source.activate()
            }
        }
    }

    private final class HasBegun: Sendable {
        private let value = Locked(false)

        /// Whether this is the first call.
        func becomesTrue() -> Bool {
            value.withLock { value in
                defer { value = true }
                return !value
            }
        }
    }
}
