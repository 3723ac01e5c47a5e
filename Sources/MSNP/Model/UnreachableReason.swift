/// Why no connection to a server could be made.
package enum UnreachableReason: Equatable, Sendable {
    /// The name has no address.
    case unresolved
    /// Nobody listens there, or the network refuses.
    case refused
    /// Nobody answered in time.
    case timedOut
    /// The address policy forbids where a referral points (docs/protocol.md#servers).
    case forbiddenAddress
    /// A referral points to something other than an MSN server. The backend that sent us is not told whether anything
    /// is there.
    case unusableReferral
    /// The server accepted the connection and closed it before it had let us in.
    case closed
    /// The server accepted the connection and said nothing in time.
    case silent
    /// This process has as many connections as it may.
    case gatewayFull
}
