/// The secrets of one webhook: the one that signs, and for a day after a rotation those before it, which sign too.
///
/// Times are milliseconds since 1970, as they outlive the process.
package struct WebhookSecrets: Sendable {
    /// How long a receiver has for taking over the new one, in milliseconds: 24 h.
    package static let overlap: Int64 = 24 * 60 * 60 * 1_000
    /// Secrets that were rotated away and sign: whoever rotates again because no answer came has not lost the one that receivers
    /// know.
    package static let mostPrevious = 3

    package private(set) var current: WebhookSecret
    /// Those before, the last one first; empty where there is none.
    package private(set) var previous: [WebhookSecret]
    /// Until when those before sign, in milliseconds since 1970; nil where there is none.
    package private(set) var previousUntil: Int64?

    package init(_ current: WebhookSecret, previous: [WebhookSecret] = [], until: Int64? = nil) {
        self.current = current
        self.previous = until == nil ? [] : Array(previous.prefix(Self.mostPrevious))
        previousUntil = previous.isEmpty ? nil : until
    }

    /// Has another one sign, and those that signed until now for a day more.
    package mutating func rotate(to secret: WebhookSecret, at milliseconds: Int64) {
        forget(at: milliseconds)
        previous = Array(([current] + previous).prefix(Self.mostPrevious))
        previousUntil = milliseconds + Self.overlap
        current = secret
    }

    /// Those that sign at a time, the current one first; never none.
    package func signing(at milliseconds: Int64) -> [WebhookSecret] {
        guard let previousUntil, milliseconds < previousUntil else { return [current] }
        return [current] + previous
    }

    /// Lets those go that sign no more; whether there were any.
    @discardableResult
    package mutating func forget(at milliseconds: Int64) -> Bool {
        guard let previousUntil, milliseconds >= previousUntil else { return false }
        (previous, self.previousUntil) = ([], nil)
        return true
    }
}
