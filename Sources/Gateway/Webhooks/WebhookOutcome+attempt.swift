import Logging
import Webhooks

extension WebhookOutcome {
    /// Of the answer; nil where there was none.
    var status: Int? { if case .answered(let status, _) = self { status } else { nil } }

    /// For the log.
    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["outcome": "\(label)"]
        if let status { metadata["status"] = "\(status)" }
        return metadata
    }
}
