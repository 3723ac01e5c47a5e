/// How an attempt ended.
package enum WebhookOutcome: Equatable, Sendable {
    /// The receiver said a final status, whatever became of the body behind it.
    ///
    /// `retryAfter` is how long it asks to be left alone, at most an hour; nil where it does not.
    case answered(status: Int, retryAfter: Duration? = nil)
    /// There was none of the receiver's: the proxy said that status to the wish for a connection to it.
    case refusedByProxy(status: Int)
    /// There was no answer.
    case failed(WebhookFailure)
    /// We ended it ourselves: whether the receiver has the events is not known.
    case cancelled

    /// Whether the receiver has taken the events: it said a 2xx (Standard Webhooks, *Status codes*).
    ///
    /// A redirection is none: it is not followed, and the events are nowhere.
    package var isAccepted: Bool {
        if case .answered(let status, _) = self { (200...299).contains(status) } else { false }
    }

    /// A word for metrics, of few: `accepted`, `refused`, `cancelled`, or what failed.
    package var label: String {
        switch self {
        case .answered: isAccepted ? "accepted" : "refused"
        case .refusedByProxy: WebhookFailure.proxyFailed.rawValue
        case .failed(let failure): failure.rawValue
        case .cancelled: "cancelled"
        }
    }
}

/// Why an attempt had no answer; the raw value is what callers and metrics see.
package enum WebhookFailure: String, CaseIterable, Sendable {
    /// The name has no addresses.
    case nameNotFound
    /// The name has an address that webhooks may not go to.
    case addressRefused
    /// Nobody took the connection.
    case unreachable
    /// No TLS came about.
    case tlsFailed
    /// Nobody that the system trusts says that the certificate is the host's.
    case certificateRefused
    /// The attempt's time was over before an answer had come.
    case timedOut
    /// The connection ended before an answer had come.
    case connectionLost
    /// What came was no answer, or one with too long a head.
    case badAnswer
    /// The proxy did not do its part.
    case proxyFailed
    /// The gateway itself can't send: libcurl is missing, or memory or descriptors are.
    case unavailable
}
