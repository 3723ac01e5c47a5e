/// What a client says to a switchboard (docs/protocol.md#switchboards).
///
/// It is a language of its own: `USR` names no package there, and `MSG` goes both ways. How each command looks on the wire
/// is in `Wire/Commands`.
package enum SwitchboardClientCommand: Equatable, Sendable {
    /// `USR`
    case enter(TransactionID, handle: String, cookie: Redacted<String>)
    /// `ANS`
    case answer(TransactionID, handle: String, cookie: Redacted<String>, session: String)
    /// `CAL`
    case call(TransactionID, handle: String)
    /// `MSG` and its payload.
    case message(TransactionID, Acknowledgement, Redacted<[UInt8]>)
    /// `OUT`
    case leave
}

extension SwitchboardClientCommand {
    /// Its commands; a new one is added here.
    static let table = CommandTable<SwitchboardClientCommand>([
        USR.self, ANS.self, CAL.self, MSG.self, OUT.self,
    ])

    /// Reads what a client sent, as a server does.
    ///
    /// Throws `ParseError`, on which servers close (docs/protocol.md#server-side).
    package init(parsing frame: Frame) throws(ParseError) {
        var reader = ParameterReader(frame)
        self = try Self.table.parse(&reader)
        // A wrong number of parameters makes servers close (docs/protocol.md#call-refusals).
        guard reader.remaining == 0 else {
            throw .invalidParameter(command: frame.command, index: reader.index)
        }
    }

    /// The frame that says this on the wire.
    package var frame: Frame {
        switch self {
        case .enter(let transaction, let handle, let cookie): USR.frame(transaction, handle: handle, cookie: cookie)
        case .answer(let transaction, let handle, let cookie, let session):
            ANS.frame(transaction, handle: handle, cookie: cookie, session: session)
        case .call(let transaction, let handle): CAL.frame(transaction, handle: handle)
        case .message(let transaction, let acknowledgement, let payload):
            MSG.frame(transaction, acknowledgement, payload)
        case .leave: OUT.frame()
        }
    }
}
