import Glibc
package import Logging

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
        LoggingSystem.bootstrap { label in
            LineLogHandler(label: label, threshold: threshold, format: format, output: .standardError)
        }
        return threshold
    }
}
