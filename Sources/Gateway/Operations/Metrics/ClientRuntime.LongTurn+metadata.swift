import Logging
import MSNPClient

extension ClientRuntime.LongTurn {
    /// What the log is told of it.
    var metadata: Logger.Metadata {
        [
            "milliseconds": "\(duration.wholeMilliseconds)", "reading": "\(reading.wholeMilliseconds)",
            "reads": "\(reads)", "commands": "\(commands)", "tasks": "\(tasks)",
        ]
    }
}

extension Duration {
    fileprivate var wholeMilliseconds: Int64 { Int64(self / .milliseconds(1)) }
}
