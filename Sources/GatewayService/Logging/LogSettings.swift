import Glibc
package import Logging
import Synchronization

/// What the operator decided about the log.
package struct LogSettings: Sendable, Equatable {
    /// Less severe records are not written.
    package var level: Logger.Level = .info
    /// Nil is `auto`: text on a terminal, JSON elsewhere.
    package var format: LogFormat?

    package init() {}

    /// The format in which a descriptor's log is written.
    package func format(for descriptor: Int32) -> LogFormat {
        format ?? (isatty(descriptor) == 1 ? .text : .json)
    }

    /// Makes every logger of the process write to standard error; once, before the first logger.
    ///
    /// The level of all of them can be changed by what is returned.
    @discardableResult
    package func bootstrap() -> LogThreshold {
        let format = format(for: STDERR_FILENO)
        let threshold = LogThreshold(level)
        // However the process ends by itself, what was said before is written.
        _ = atexit { LineOutput.standardError.flush() }
        LoggingSystem.bootstrap { label in
            LineLogHandler(label: label, threshold: threshold, format: format, output: .standardError)
        }
        return threshold
    }
}

/// The level below which nothing is written, which can change while the process runs.
package final class LogThreshold: Sendable {
    /// The place in `Logger.Level.allCases`, which is their order; relaxed, as nothing else is read on the strength of it.
    private let place: Atomic<Int>

    package init(_ level: Logger.Level) {
        place = Atomic(Self.place(of: level))
    }

    /// The lowest level that is written.
    package var level: Logger.Level {
        get { Logger.Level.allCases[place.load(ordering: .relaxed)] }
        set { place.store(Self.place(of: newValue), ordering: .relaxed) }
    }

    private static func place(of level: Logger.Level) -> Int { Logger.Level.allCases.firstIndex(of: level) ?? 0 }
}

extension LogSettings {
    /// What the environment says of the log, for commands that have no settings file; throws `SettingsError`.
    package init(environment: [String: String]) throws(SettingsError) {
        let reader = SettingsReader(flags: ServeFlags(), environment: SettingsEnvironment(environment), file: nil)
        self = try reader.log()
    }
}

/// What can be set as `logFormat`.
enum LogFormatChoice: String, CaseIterable {
    case auto
    case text
    case json

    var format: LogFormat? {
        switch self {
        case .auto: nil
        case .text: .text
        case .json: .json
        }
    }
}
