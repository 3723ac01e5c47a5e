import Locking
package import Logging

/// Reads settings and API keys again while the gateway runs, and says what came of it; it ends nothing.
package final class SettingsReload: Sendable {
    /// What settings are handed to.
    package struct Target: Sendable {
        let apply: @Sendable (ServeSettings) -> Void
        let rereadKeys: @Sendable () -> Void

        package init(
            apply: @escaping @Sendable (ServeSettings) -> Void, rereadKeys: @escaping @Sendable () -> Void
        ) {
            self.apply = apply
            self.rereadKeys = rereadKeys
        }
    }

    private let started: ServeSettings
    private let current: Locked<ServeSettings>
    private let read: @Sendable () throws(SettingsError) -> ServeSettings
    private let target: Target
    private let threshold: LogThreshold
    private let logger: Logger

    /// - Parameters:
    ///   - settings: with which the gateway was started.
    ///   - threshold: follows the log level.
    ///   - read: reads them from where they were read then.
    package init(
        _ settings: ServeSettings, _ target: Target, _ threshold: LogThreshold, _ logger: Logger,
        read: @escaping @Sendable () throws(SettingsError) -> ServeSettings
    ) {
        started = settings
        current = Locked(settings)
        self.target = target
        self.threshold = threshold
        self.logger = logger
        self.read = read
    }

    /// Reads and applies; settings that are wrong change nothing.
    package func run() {
        target.rereadKeys()
        let settings: ServeSettings
        do throws(SettingsError) {
            settings = try read()
        } catch {
            logger.error("can't read the settings again; those read before stay", metadata: ["detail": "\(error)"])
            return
        }
        let before = current.withLock { current in
            defer { current = settings }
            return current
        }
        let change = SettingsChange(started: started.said, before: before.said, now: settings.said)
        target.apply(settings)
        // Said at the lower of both levels, or one could not see that it changed.
        threshold.level = min(before.log.level, settings.log.level)
        logger.notice(
            "settings read again",
            metadata: [
                "changed": "\(Self.list(change.applied))", "needsRestart": "\(Self.list(change.awaitingRestart))",
            ])
        threshold.level = settings.log.level
    }

    private static func list(_ keys: [String]) -> String { keys.isEmpty ? "nothing" : keys.joined(separator: ",") }
}

/// What differs between two sets of settings, by key and in the order of the keys.
package struct SettingsChange: Equatable, Sendable {
    /// What counts from now on.
    package let applied: [String]
    /// What can't change while the gateway runs, and differs from what it was started with.
    package let awaitingRestart: [String]

    /// - Parameters:
    ///   - started: with which the process was started.
    ///   - before: what counted last.
    ///   - now: what was read.
    init(started: [Setting: [String]], before: [Setting: [String]], now: [Setting: [String]]) {
        func keys(_ old: [Setting: [String]], _ isWanted: (Setting) -> Bool) -> [String] {
            Set(old.keys).union(now.keys).filter { isWanted($0) && old[$0] != now[$0] }.map(\.key).sorted()
        }
        applied = keys(before, \.isChangeable)
        awaitingRestart = keys(started) { !$0.isChangeable }
    }
}
