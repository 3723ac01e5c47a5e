import Dispatch
import Glibc
import Synchronization

/// Ctrl+C and `SIGTERM`, where something has to be put in order first.
enum Interrupts {
    private static let queue = DispatchQueue(label: "msnp-gateway.interrupts")
    private static let hasBegun = Atomic(false)

    /// Runs a body with the first of them, and then ends the process with 128 and the signal's number, as shells count it.
    ///
    /// The second ends it at once. They are heard from when this returns.
    static func watch(_ body: @escaping @Sendable () async -> Void) async {
        for signal in [SIGINT, SIGTERM] {
            let source = DispatchSource.makeSignalSource(signal: signal, queue: queue)
            source.setEventHandler {
                // Keeps the source: one that nobody refers to hears nothing.
                _ = source
                guard !hasBegun.exchange(true, ordering: .acquiringAndReleasing) else { _exit(128 + signal) }
                Task {
                    await body()
                    // Not by way of what is to be done at an end: other threads are in the midst of something.
                    _exit(128 + signal)
                }
            }
            // Before that the signal would still end the process.
            await withCheckedContinuation { continuation in
                source.setRegistrationHandler { continuation.resume() }
                source.activate()
            }
        }
    }

    /// Returns at once, unless the process is about to be ended.
    static func waitForEnd() async {
        guard hasBegun.load(ordering: .acquiring) else { return }
        // The process ends before.
        while true { try? await Task.sleep(for: .seconds(3_600)) }
    }
}
