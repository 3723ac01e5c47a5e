extension SwitchboardMessage {
    /// Reads what a switchboard sent, as leniently as protocol.md 1.2, 1.3 and 21.1 ask.
    ///
    /// Throws `ParseError`, which is a reason to ignore the frame and never to close the connection.
    package init(parsing frame: Frame) throws(ParseError) {
        var reader = ParameterReader(frame)
        switch frame.command {
        case "USR":
            let transaction = try reader.transaction()
            try Self.expect("OK", &reader)
            self = .entered(transaction, try Self.member(&reader))
        case "CAL":
            let transaction = try reader.transaction()
            try Self.expect("RINGING", &reader)
            self = .ringing(transaction, session: reader.optional() ?? "")
        case "IRO":
            self = .present(
                try reader.transaction(), index: try reader.number(), count: try reader.number(),
                try Self.member(&reader))
        case "ANS":
            let transaction = try reader.transaction()
            try Self.expect("OK", &reader)
            self = .answered(transaction)
        case "JOI": self = .joined(try Self.member(&reader))
        case "BYE":
            let handle = PercentEncoding.decode(try reader.required())
            self = .left(handle: handle, idle: reader.optional() == "1")
        case "MSG":
            let sender = ListMember(handle: reader.text(), name: reader.text())
            self = .message(from: sender, Redacted(frame.payload ?? []))
        case "ACK": self = .acknowledged(try reader.transaction())
        case "NAK": self = .notDelivered(try reader.transaction())
        case "OUT": self = .signedOut(SignOutReason(parsing: reader.optional()))
        default:
            guard let code = ErrorCode(parsing: frame.command) else { throw .unknownCommand(frame.printableCommand) }
            // An error may lack its ID, and may carry free text after it (protocol.md 1.3).
            self = .error(code, reader.optional().flatMap(TransactionID.init(parsing:)))
        }
    }

    private static func expect(_ word: String, _ reader: inout ParameterReader) throws(ParseError) {
        guard try reader.required() == word else { throw reader.invalid() }
    }

    /// Some servers encode handles too, `%40` and all (protocol.md 21.1).
    private static func member(_ reader: inout ParameterReader) throws(ParseError) -> ListMember {
        ListMember(handle: PercentEncoding.decode(try reader.required()), name: reader.text())
    }
}
