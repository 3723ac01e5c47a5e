/// Carries requests to endpoints.
package protocol WebhookTransport: Sendable {
    /// Gets ready what the first request would have to wait for; repeated calls do nothing more.
    ///
    /// Throws where nothing can be sent by this process, as long as something is missing on the machine.
    func prepare() throws(WebhookTransportError)

    /// Has the requests that begin from now on go where another policy lets them.
    func use(_ policy: DestinationPolicy)

    /// Makes one attempt, which ends within the transport's time, whatever the receiver does.
    ///
    /// A task that is cancelled ends it at once, as `cancelled`.
    func send(_ request: WebhookRequest) async -> WebhookOutcome

    /// Ends all attempts, those to come too, as `cancelled`, and returns when nothing of it runs any more.
    func close() async
}

/// Why nothing can be sent by this process.
package struct WebhookTransportError: Error, Equatable, CustomStringConvertible {
    /// For the operator: what is missing, in the system's words.
    package let description: String
}
