import Logging
import Webhooks

extension WebhookOutcome {
    /// Of the receiver's answer, or of the proxy that let nothing through to it; nil where there was none.
    var status: Int? {
        switch self {
        case .answered(let status, _), .refusedByProxy(let status): status
        case .failed, .cancelled: nil
        }
    }

    /// For the log.
    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = ["outcome": "\(label)"]
        if let status { metadata["status"] = "\(status)" }
        return metadata
    }
}
