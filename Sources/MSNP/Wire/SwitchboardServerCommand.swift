/// What a switchboard says, with names already percent-decoded (docs/protocol.md#switchboards).
///
/// How each command looks on the wire is in `Wire/Commands`.
package enum SwitchboardServerCommand: Equatable, Sendable {
    /// `USR … OK`
    case entered(TransactionID, ListMember)
    /// `CAL … RINGING`; the session is an opaque text.
    case ringing(TransactionID, session: String)
    /// `IRO`: somebody who is there already, and which of how many.
    case present(TransactionID, index: UInt32, count: UInt32, ListMember)
    /// `ANS … OK`
    case answered(TransactionID)
    /// `JOI`
    case joined(ListMember)
    /// `BYE`; idle when the server has disconnected them for inactivity.
    case left(handle: String, idle: Bool)
    /// `MSG` and its payload.
    case message(from: ListMember, Redacted<[UInt8]>)
    /// `ACK`
    case acknowledged(TransactionID)
    /// `NAK`
    case notDelivered(TransactionID)
    /// `OUT`
    case signedOut(SignOutReason)
    /// Three digits.
    case error(ErrorCode, TransactionID?)
}

extension SwitchboardServerCommand {
    /// Its commands; a new one is added here.
    static let table = CommandTable<SwitchboardServerCommand>(
        [USR.self, CAL.self, IRO.self, ANS.self, JOI.self, BYE.self, MSG.self, ACK.self, NAK.self, OUT.self],
        error: SwitchboardServerCommand.error)

    /// Reads what a switchboard sent, as leniently as docs/protocol.md#lines, #transaction-ids and #servers-differ ask.
    ///
    /// Throws `ParseError`, which is a reason to ignore the frame and never to close the connection.
    package init(parsing frame: Frame) throws(ParseError) {
        self = try Self.table.parse(frame)
    }

    /// The frame that says this on the wire, as the documents write it.
    package var frame: Frame {
        switch self {
        case .entered(let transaction, let member): USR.frame(transaction, member)
        case .ringing(let transaction, let session): CAL.frame(transaction, session: session)
        case .present(let transaction, let index, let count, let member):
            IRO.frame(transaction, index: index, count: count, member)
        case .answered(let transaction): ANS.frame(transaction)
        case .joined(let member): JOI.frame(member)
        case .left(let handle, let idle): BYE.frame(handle: handle, idle: idle)
        case .message(let sender, let payload): MSG.frame(from: sender, payload)
        case .acknowledged(let transaction): ACK.frame(transaction)
        case .notDelivered(let transaction): NAK.frame(transaction)
        case .signedOut(let reason): OUT.frame(reason)
        case .error(let code, let transaction): ErrorForm.frame(code, transaction)
        }
    }
}
