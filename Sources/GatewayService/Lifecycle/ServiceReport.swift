import Loops

/// What the service manager hears of a gateway by itself: that it is ready, once, and that its loops turn, for ever.
final class ServiceReport: Sendable {
    /// Between two looks whether the gateway is ready: mostly it is at the first.
    private static let lookPause = Duration.seconds(1)

    private let manager: ServiceManager
    private let loops: LoopGroup
    private let watchdog: Duration?
    private let isReady: @Sendable () -> Bool

    /// - Parameters:
    ///   - watchdog: how long the manager waits for a word; nil where it does not.
    ///   - isReady: what `/readyz` says.
    init(
        _ manager: ServiceManager, _ loops: LoopGroup, watchdog: Duration?, isReady: @escaping @Sendable () -> Bool
    ) {
        self.manager = manager
        self.loops = loops
        self.watchdog = watchdog
        self.isReady = isReady
    }

    /// Begins; it ends with the loops.
    func begin() {
        announce()
        guard let watchdog else { return }
        let manager = manager
        // Twice in the time, as sd_watchdog_enabled(3) wants it. A word that is lost is said again by then.
        LoopRounds(of: loops, every: watchdog / 2) { manager.tell(.alive, waits: false) }.begin()
    }

    private func announce() {
        guard isReady(), manager.tell(.ready, waits: false) else {
            loops.loops[0].after(Self.lookPause) { [self] in announce() }
            return
        }
    }
}
