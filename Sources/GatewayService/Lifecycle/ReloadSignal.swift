import Dispatch
import Glibc

/// `SIGHUP`, which asks a service to read its settings again.
enum ReloadSignal {
    /// Of its own: reading files may take its time, and must not keep the signals waiting that end the process.
    private static let queue = DispatchQueue(label: "msnp-gateway.reload")

    /// Watches from when it returns until the process ends; once in each process.
    ///
    /// `reload` is called on a thread of Dispatch, one call at a time; signals that come meanwhile are one more.
    static func watch(_ reload: @escaping @Sendable () -> Void) async {
        let source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: queue)
        source.setEventHandler {
            // Keeps the source: one that nobody refers to hears nothing.
            _ = source
            reload()
        }
        // Before that the signal would still end the process.
        await withCheckedContinuation { continuation in
            source.setRegistrationHandler { continuation.resume() }
            source.activate()
        }
    }
}
