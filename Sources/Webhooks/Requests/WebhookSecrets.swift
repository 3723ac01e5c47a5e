/// The secrets of one webhook: the one that signs, and for a day after a rotation the one before it, which signs too.
///
/// Times are milliseconds since 1970, as they outlive the process.
package struct WebhookSecrets: Sendable {
    /// How long a receiver has for taking over the new one, in milliseconds: 24 h.
    package static let overlap: Int64 = 24 * 60 * 60 * 1_000

    package private(set) var current: WebhookSecret
    /// The one before, and until when it signs, in milliseconds since 1970; nil where there is none.
    package private(set) var previous: (secret: WebhookSecret, until: Int64)?

    package init(_ current: WebhookSecret, previous: (secret: WebhookSecret, until: Int64)? = nil) {
        self.current = current
        self.previous = previous
    }

    /// Has another one sign, and the one that signed until now for a day more; one that was being replaced is over.
    package mutating func rotate(to secret: WebhookSecret, at milliseconds: Int64) {
        previous = (current, milliseconds + Self.overlap)
        current = secret
    }

    /// Those that sign at a time, the current one first; never none.
    package func signing(at milliseconds: Int64) -> [WebhookSecret] {
        guard let previous, milliseconds < previous.until else { return [current] }
        return [current, previous.secret]
    }
}
