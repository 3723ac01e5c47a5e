package import Logging

/// A log handler that writes each record as one line.
package struct LineLogHandler: LogHandler {
    /// What was said of this logger alone; nil leaves it to the threshold of all.
    private var ownLevel: Logger.Level?
    private let threshold: LogThreshold
    package var metadata: Logger.Metadata = [:]
    /// What adds to each record; nil for nothing.
    package var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let format: LogFormat
    private let output: LineOutput

    /// The level of this logger alone, or else the threshold of all.
    package var logLevel: Logger.Level {
        get { ownLevel ?? threshold.level }
        set { ownLevel = newValue }
    }

    package init(
        label: String, threshold: LogThreshold, format: LogFormat, output: LineOutput,
        metadataProvider: Logger.MetadataProvider? = nil
    ) {
        self.label = label
        self.threshold = threshold
        self.format = format
        self.output = output
        self.metadataProvider = metadataProvider
    }

    /// What each record of this logger says under a key.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one record.
    package func log(event: LogEvent) {
        // What is said closest to the call wins, as swift-log's own handlers have it.
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let said = event.metadata { all.merge(said) { $1 } }
        if let error = event.error, all["error"] == nil { all["error"] = .string("\(error)") }
        let record = LogRecord(
            time: LogRecord.now, level: event.level, label: label, message: event.message.description, metadata: all)
        output.post(record, as: format)
    }
}
