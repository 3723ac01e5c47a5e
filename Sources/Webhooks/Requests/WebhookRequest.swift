/// One attempt to hand a body to an endpoint, with what is said about it.
package struct WebhookRequest: Sendable {
    package let url: WebhookURL
    /// Whose webhook it is: look-ups of names are shared among keys, not among webhooks.
    let key: String
    /// `name: value` each, without CR, LF or NUL.
    let fields: [String]
    /// The bytes of a JSON text.
    package let body: [UInt8]

    /// A signed request.
    ///
    /// - Parameters:
    ///   - key: whose webhook it is, by any word that is this key's alone.
    ///   - id: `webhook-id`: the same for each attempt with this body. Visible ASCII without a dot.
    ///   - timestamp: of this attempt, in seconds since 1970.
    ///   - secrets: those that sign, as `WebhookSecrets.signing` gives them.
    ///   - traceparent: what is sent on of a trace (W3C Trace Context, 3.2); nil for none.
    package init(
        url: WebhookURL, key: String, id: String, timestamp: Int64, body: [UInt8], secrets: [WebhookSecret],
        traceparent: String? = nil
    ) {
        self.url = url
        self.key = key
        self.body = body
        let signature = WebhookSignature.field(id: id, timestamp: timestamp, body: body, secrets: secrets)
        var fields = [
            "content-type: application/json", "webhook-id: \(id)", "webhook-timestamp: \(timestamp)",
            "webhook-signature: \(signature)",
        ]
        if let traceparent { fields.append("traceparent: \(traceparent)") }
        // Whoever let a line end through would send fields that nobody signed.
        precondition(fields.allSatisfy { $0.utf8.allSatisfy { $0 >= 0x20 } }, "a control character in a field")
        self.fields = fields
    }
}
