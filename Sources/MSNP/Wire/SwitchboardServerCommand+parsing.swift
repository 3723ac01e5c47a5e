import ByteText

extension SwitchboardServerCommand {
    /// Reads what a switchboard sent, as leniently as protocol.md 1.2, 1.3 and 21.1 ask.
    ///
    /// Throws `ParseError`, which is a reason to ignore the frame and never to close the connection.
    package init(parsing frame: Frame) throws(ParseError) {
        var reader = ParameterReader(frame)
        switch frame.command {
        case "USR":
            let transaction = try reader.transaction()
            try Self.expect("OK", &reader)
            self = .entered(transaction, try reader.member())
        case "CAL":
            let transaction = try reader.transaction()
            try Self.expect("RINGING", &reader)
            self = .ringing(transaction, session: reader.remaining > 0 ? try reader.ticket() : "")
        case "IRO":
            self = .present(
                try reader.transaction(), index: try reader.number(), count: try reader.number(),
                try reader.member())
        case "ANS":
            let transaction = try reader.transaction()
            try Self.expect("OK", &reader)
            self = .answered(transaction)
        case "JOI": self = .joined(try reader.member())
        case "BYE":
            let handle = try reader.handle()
            self = .left(handle: handle, idle: ASCII.equals(reader.optional() ?? "", "1"))
        case "MSG":
            self = .message(from: try reader.sender(), Redacted(frame.payload ?? []))
        case "ACK": self = .acknowledged(try reader.transaction())
        case "NAK": self = .notDelivered(try reader.transaction())
        case "OUT": self = .signedOut(SignOutReason(parsing: reader.optional()))
        default:
            guard let code = ErrorCode(parsing: frame.command) else { throw .unknownCommand(frame.printableCommand) }
            // An error may lack its ID, and may carry free text after it (protocol.md 1.3).
            self = .error(code, reader.optional().flatMap(TransactionID.init(parsing:)))
        }
    }

    private static func expect(_ word: ByteText, _ reader: inout ParameterReader) throws(ParseError) {
        guard try reader.word() == word else { throw reader.invalid() }
    }
}
