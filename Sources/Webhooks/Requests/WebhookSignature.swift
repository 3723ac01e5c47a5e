import Digests
import Encodings

/// How a receiver knows that a request is ours (Standard Webhooks, *Signature scheme*).
///
///     webhook-id: whm_5mQ…
///     webhook-timestamp: 1767225600
///     webhook-signature: v1,K5oZ…= v1,zQ7p…=
package enum WebhookSignature {
    /// The value of `webhook-signature`: one signature for each secret, with a space between them.
    ///
    /// - Parameters:
    ///   - id: `webhook-id`, without a dot.
    ///   - timestamp: `webhook-timestamp`, in seconds since 1970.
    package static func field(
        id: String, timestamp: Int64, body: [UInt8], secrets: [WebhookSecret]
    ) -> String {
        var message = Array("\(id).\(timestamp).".utf8)
        message.reserveCapacity(message.count + body.count)
        message += body
        return secrets.map { secret in
            let code = secret.withBytes { HMACSHA256.code(for: message.span, key: $0) }
            return "v1," + Base64.encode(code, .standard)
        }.joined(separator: " ")
    }
}
