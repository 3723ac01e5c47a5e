/// Which answer a message asks of the switchboard (docs/protocol.md#messages).
///
///     C: MSG 4 N 134
package enum Acknowledgement: String, CaseIterable, Sendable {
    /// No answer, whether it arrives or not: typing notifications.
    case none = "U"
    /// `NAK` when it could not be delivered.
    case onFailure = "N"
    /// `ACK` when it was delivered, `NAK` when not.
    case always = "A"
}
