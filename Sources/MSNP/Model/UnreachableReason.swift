/// Why no connection to a server could be made.
package enum UnreachableReason: Equatable, Sendable {
    /// The name has no address.
    case unresolved
    /// Nobody listens there, or the network refuses.
    case refused
    /// Nobody answered in time.
    case timedOut
    /// The address policy forbids where a referral points (design: section 4, referrals).
    case forbiddenAddress
    /// This process has as many connections as it may.
    case gatewayFull
}
