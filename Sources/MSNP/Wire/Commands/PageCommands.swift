// Pages to mobile devices, and what services tell (docs/protocol.md#outreach).

extension ClientCommand {
    /// Sends a page to a contact's mobile device.
    ///
    ///     C: PAG 30 carol@example.com 61
    ///     > <TEXT xml:space="preserve">Call me.</TEXT>
    enum PAG: ParsedForm {
        static let name = "PAG"
        static let shown = ShownParameters.first(2)
        static let payload: ShownPayload? = .text
        static let isOptional = true

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            .page(try reader.transaction(), handle: try reader.plainHandle(), Redacted(reader.payload))
        }

        static func frame(_ transaction: TransactionID, handle: String, _ payload: Redacted<[UInt8]>) -> Frame {
            Frame(name, transaction, [handle], payload: payload.value)
        }
    }
}

extension ServerCommand {
    /// An alert of a service.
    ///
    ///     S: NOT 355
    ///     > <NOTIFICATION … </NOTIFICATION>
    enum NOT: ParsedForm {
        static let name = "NOT"
        static let shown = ShownParameters.nothing
        static let payload: ShownPayload? = .text

        static func parse(_ reader: inout ParameterReader) -> ServerCommand { .alert(Redacted(reader.payload)) }

        static func frame(_ payload: Redacted<[UInt8]>) -> Frame { Frame(name, payload: payload.value) }
    }

    /// A page from a mobile device, or the failure of one of ours.
    ///
    ///     S: IPG 444
    ///     > <NOTIFICATION … </NOTIFICATION>
    enum IPG: ParsedForm {
        static let name = "IPG"
        static let shown = ShownParameters.nothing
        static let payload: ShownPayload? = .text

        static func parse(_ reader: inout ParameterReader) -> ServerCommand { .page(Redacted(reader.payload)) }

        static func frame(_ payload: Redacted<[UInt8]>) -> Frame { Frame(name, payload: payload.value) }
    }
}
