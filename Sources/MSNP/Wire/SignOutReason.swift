/// What a server says with `OUT` (docs/protocol.md#out).
package enum SignOutReason: Equatable, Sendable {
    /// `OUT`
    case unspecified
    /// `OUT OTH`: the account signed in elsewhere.
    case signedInElsewhere
    /// `OUT SSD`: the server goes down for maintenance.
    case serverShutdown
    /// A word of a later dialect.
    case other(String)
}
