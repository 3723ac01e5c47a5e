/// What became of one payload.
package enum PartOutcome: Equatable, Sendable {
    case delivered
    /// `NAK`, or an error.
    case notDelivered
    /// Neither `ACK` nor `NAK` in time.
    case ignored
    /// The connection ended first.
    case unknown
}
