/// What a client says to a switchboard (protocol.md 8).
///
/// It is a language of its own: `USR` names no package there, and `MSG` goes both ways.
package enum SwitchboardClientCommand: Equatable, Sendable {
    /// `USR 1 alice@example.com 17262.1013928521.3692`
    case enter(TransactionID, handle: String, cookie: Redacted<String>)
    /// `ANS 1 alice@example.com 849102291.520491113 11752099`
    case answer(TransactionID, handle: String, cookie: Redacted<String>, session: String)
    /// `CAL 2 bob@example.com`
    case call(TransactionID, handle: String)
    /// `MSG 4 N 134` and its payload.
    case message(TransactionID, Acknowledgement, Redacted<[UInt8]>)
    /// `OUT`
    case leave
}

extension SwitchboardClientCommand {
    /// Reads what a client sent, as a server does.
    ///
    /// Throws `ParseError`, on which servers close (protocol.md 18.5).
    package init(parsing frame: Frame) throws(ParseError) {
        var reader = ParameterReader(frame)
        switch frame.command {
        case "USR":
            self = .enter(
                try reader.transaction(), handle: try reader.required(), cookie: Redacted(try reader.required()))
        case "ANS":
            self = .answer(
                try reader.transaction(), handle: try reader.required(), cookie: Redacted(try reader.required()),
                session: try reader.required())
        case "CAL": self = .call(try reader.transaction(), handle: try reader.required())
        case "MSG":
            self = .message(
                try reader.transaction(), try reader.value(Acknowledgement.self), Redacted(frame.payload ?? []))
        case "OUT":
            self = .leave
            return
        default: throw .unknownCommand(frame.printableCommand)
        }
        // A wrong number of parameters makes servers close (protocol.md 8.4, 18.5).
        guard reader.remaining == 0 else {
            throw .invalidParameter(command: frame.command, index: reader.index)
        }
    }

    /// The frame that says this on the wire.
    package var frame: Frame {
        switch self {
        case .enter(let transaction, let handle, let cookie):
            Frame("USR", [transaction.description, handle, cookie.value])
        case .answer(let transaction, let handle, let cookie, let session):
            Frame("ANS", [transaction.description, handle, cookie.value, session])
        case .call(let transaction, let handle): Frame("CAL", [transaction.description, handle])
        case .message(let transaction, let acknowledgement, let payload):
            Frame("MSG", [transaction.description, acknowledgement.rawValue], payload: payload.value)
        case .leave: Frame("OUT")
        }
    }

    /// The command's name, which is safe to log.
    package var command: String { frame.command }
}
