// Which version of the client somebody should have (docs/protocol.md#sign-in, #negotiation).

extension ClientCommand {
    /// Which version we are.
    ///
    ///     C: CVR 7 0x0409 win 4.10 i386 MSMSGS 3.6.0038 MSMSGS
    enum CVR: ParsedForm {
        static let name = "CVR"
        static let shown = ShownParameters.all
        static let isOptional = true

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            .clientVersion(try reader.transaction(), reader.rest())
        }
    }

    /// The same where no dialect could be agreed on.
    ///
    ///     C: CVQ 2 0x0409 win 4.10 i386 MSMSGS 3.6.0038
    enum CVQ: ParsedForm {
        static let name = "CVQ"
        static let shown = ShownParameters.all

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            .clientVersionQuery(try reader.transaction(), reader.rest())
        }
    }
}

extension ServerCommand {
    /// The version that is recommended, again, the lowest that is accepted, and two URLs.
    ///
    ///     S: CVR 7 4.6.0083 4.6.0083 1.0.0000 http://… http://…
    enum CVR: ParsedForm {
        static let name = "CVR"
        static let shown = ShownParameters.all

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            .clientVersion(try reader.transaction(), reader.rest())
        }
    }

    /// The same in answer to `CVQ`; we write it as `CVR`.
    ///
    ///     S: CVQ 2 4.6.0083 4.6.0083 1.0.0000 http://… http://…
    enum CVQ: ParsedForm {
        static let name = "CVQ"
        static let shown = ShownParameters.all

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            try CVR.parse(&reader)
        }
    }
}
