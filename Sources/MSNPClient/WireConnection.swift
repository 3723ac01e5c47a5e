/// One of a session's connections, as a trace names it.
package struct WireConnection: Sendable, Hashable {
    /// What the other end is.
    package enum Kind: String, Sendable {
        /// The server that the operator wrote down; some answer the whole session there.
        case dispatch
        /// One that a referral named.
        case notification
        case switchboard
    }

    package let kind: Kind
    /// Counts the session's connections of all kinds but switchboards, or its switchboards, from 1.
    package let number: Int

    package init(_ kind: Kind, _ number: Int) {
        self.kind = kind
        self.number = number
    }
}
