import ByteText

// Who is at a switchboard, and how one gets there (docs/protocol.md#participants, #call-refusals).

extension SwitchboardClientCommand {
    /// We enter a switchboard that we have asked for.
    ///
    ///     C: USR 1 alice@example.com 17262.1013928521.3692
    enum USR: ParsedForm {
        static let name = "USR"
        /// Not the cookie.
        static let shown = ShownParameters.first(2)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> SwitchboardClientCommand {
            .enter(try reader.transaction(), handle: try reader.plainHandle(), cookie: Redacted(try reader.required()))
        }

        static func frame(_ transaction: TransactionID, handle: String, cookie: Redacted<String>) -> Frame {
            Frame(name, transaction, [handle, cookie.value])
        }
    }

    /// We enter a switchboard that we were called to.
    ///
    ///     C: ANS 1 alice@example.com 849102291.520491113 11752099
    enum ANS: ParsedForm {
        static let name = "ANS"
        /// All but the cookie.
        static let shown = ShownParameters.first(4, blanking: 2)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> SwitchboardClientCommand {
            .answer(
                try reader.transaction(), handle: try reader.plainHandle(), cookie: Redacted(try reader.required()),
                session: try reader.required())
        }

        static func frame(
            _ transaction: TransactionID, handle: String, cookie: Redacted<String>, session: String
        ) -> Frame {
            Frame(name, transaction, [handle, cookie.value, session])
        }
    }

    /// We call somebody.
    ///
    ///     C: CAL 2 bob@example.com
    enum CAL: ParsedForm {
        static let name = "CAL"
        static let shown = ShownParameters.first(2)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> SwitchboardClientCommand {
            .call(try reader.transaction(), handle: try reader.plainHandle())
        }

        static func frame(_ transaction: TransactionID, handle: String) -> Frame {
            Frame(name, transaction, [handle])
        }
    }
}

extension SwitchboardServerCommand {
    /// We are in.
    ///
    ///     S: USR 1 OK alice@example.com Alice
    enum USR: ParsedForm {
        static let name = "USR"
        static let shown = ShownParameters.first(4)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> SwitchboardServerCommand {
            let transaction = try reader.transaction()
            try reader.expect("OK")
            return .entered(transaction, try reader.member())
        }

        static func frame(_ transaction: TransactionID, _ member: ListMember) -> Frame {
            Frame(name, transaction, ["OK"] + member.parameters)
        }
    }

    /// We are in where we were called to.
    ///
    ///     S: ANS 1 OK
    enum ANS: ParsedForm {
        static let name = "ANS"
        static let shown = ShownParameters.first(2)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> SwitchboardServerCommand {
            let transaction = try reader.transaction()
            try reader.expect("OK")
            return .answered(transaction)
        }

        static func frame(_ transaction: TransactionID) -> Frame { Frame(name, transaction, ["OK"]) }
    }

    /// It rings at somebody's whom we have called; the session is an opaque text.
    ///
    ///     S: CAL 2 RINGING 11752013
    enum CAL: ParsedForm {
        static let name = "CAL"
        static let shown = ShownParameters.first(3)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> SwitchboardServerCommand {
            let transaction = try reader.transaction()
            try reader.expect("RINGING")
            return .ringing(transaction, session: reader.remaining > 0 ? try reader.ticket() : "")
        }

        static func frame(_ transaction: TransactionID, session: String) -> Frame {
            Frame(name, transaction, ["RINGING", session])
        }
    }

    /// Somebody who was there before us, and which of how many.
    ///
    ///     S: IRO 1 1 2 bob@example.com Bob%20B.
    enum IRO: ParsedForm {
        static let name = "IRO"
        static let shown = ShownParameters.first(5)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> SwitchboardServerCommand {
            .present(
                try reader.transaction(), index: try reader.number(), count: try reader.number(),
                try reader.member())
        }

        static func frame(
            _ transaction: TransactionID, index: UInt32, count: UInt32, _ member: ListMember
        ) -> Frame {
            Frame(name, transaction, [String(index), String(count)] + member.parameters)
        }
    }

    /// Somebody has come.
    ///
    ///     S: JOI bob@example.com Bob%20B.
    enum JOI: ParsedForm {
        static let name = "JOI"
        static let shown = ShownParameters.first(2)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> SwitchboardServerCommand {
            .joined(try reader.member())
        }

        static func frame(_ member: ListMember) -> Frame { Frame(name, member.parameters) }
    }

    /// Somebody has gone; with `1` because they said nothing for long.
    ///
    ///     S: BYE bob@example.com
    ///     S: BYE bob@example.com 1
    enum BYE: ParsedForm {
        static let name = "BYE"
        static let shown = ShownParameters.first(2)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> SwitchboardServerCommand {
            let handle = try reader.handle()
            return .left(handle: handle, idle: ASCII.equals(reader.optional() ?? "", "1"))
        }

        static func frame(handle: String, idle: Bool) -> Frame {
            Frame(name, [PercentEncoding.encode(handle)] + (idle ? ["1"] : []))
        }
    }
}
