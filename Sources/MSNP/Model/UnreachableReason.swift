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
    /// Where a referral points is no MSN server; whether anything is there is not told to the backend that sent us.
    case unusableReferral
    /// Whoever accepted the connection closed it before it had let us in.
    case closed
    /// Whoever accepted the connection did not say a word in time.
    case silent
    /// This process has as many connections as it may.
    case gatewayFull
}
