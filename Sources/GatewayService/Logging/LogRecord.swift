package import Logging

/// What one line of the log says, before it is written in a format.
package struct LogRecord: Sendable {
    /// RFC 3339 in UTC with milliseconds, as in the API, so that a log and an answer can be laid side by side.
    package var time: String
    package var level: Logger.Level
    package var label: String
    package var message: String
    package var metadata: Logger.Metadata

    package init(
        time: String, level: Logger.Level, label: String, message: String, metadata: Logger.Metadata = [:]
    ) {
        self.time = time
        self.level = level
        self.label = label
        self.message = message
        self.metadata = metadata
    }
}
