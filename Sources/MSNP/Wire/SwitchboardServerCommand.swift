/// What a switchboard says, with names already percent-decoded (protocol.md 8).
package enum SwitchboardServerCommand: Equatable, Sendable {
    /// `USR 1 OK alice@example.com Alice`
    case entered(TransactionID, ListMember)
    /// `CAL 2 RINGING 11752013`; the session is an opaque text.
    case ringing(TransactionID, session: String)
    /// `IRO 1 1 2 bob@example.com Bob%20B.`: somebody who is there already, and which of how many.
    case present(TransactionID, index: UInt32, count: UInt32, ListMember)
    /// `ANS 1 OK`
    case answered(TransactionID)
    /// `JOI bob@example.com Bob%20B.`
    case joined(ListMember)
    /// `BYE bob@example.com`, or `BYE bob@example.com 1`: disconnected by the server for inactivity.
    case left(handle: String, idle: Bool)
    /// `MSG bob@example.com Bob%20B. 80` and its payload.
    case message(from: ListMember, Redacted<[UInt8]>)
    /// `ACK 4`
    case acknowledged(TransactionID)
    /// `NAK 6`
    case notDelivered(TransactionID)
    /// `OUT`
    case signedOut(SignOutReason)
    /// `217 2`, `911`
    case error(ErrorCode, TransactionID?)
}
