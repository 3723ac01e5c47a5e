// Who is there, and how (docs/protocol.md#presence).

extension ClientCommand {
    /// Sets the own status.
    ///
    ///     C: CHG 9 NLN
    enum CHG: ParsedForm {
        static let name = "CHG"
        static let shown = ShownParameters.first(2)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            .setPresence(try reader.transaction(), try reader.value(Presence.self))
        }

        static func frame(_ transaction: TransactionID, _ presence: Presence) -> Frame {
            Frame(name, transaction, [presence.rawValue])
        }
    }
}

extension ServerCommand {
    /// The own status; with ID 0 when the server has changed it.
    ///
    ///     S: CHG 9 NLN
    enum CHG: ParsedForm {
        static let name = "CHG"
        static let shown = ShownParameters.first(2)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            .ownPresence(try reader.transaction(), try reader.value(Presence.self))
        }

        static func frame(_ transaction: TransactionID, _ presence: Presence) -> Frame {
            Frame(name, transaction, [presence.rawValue])
        }
    }

    /// The status of a contact who was there when we came.
    ///
    ///     S: ILN 9 AWY bob@example.com Bob%20B.
    enum ILN: ParsedForm {
        static let name = "ILN"
        static let shown = ShownParameters.first(4)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            .initialPresence(try reader.transaction(), try reader.value(Presence.self), try reader.member())
        }

        static func frame(_ transaction: TransactionID, _ presence: Presence, _ member: ListMember) -> Frame {
            Frame(name, transaction, [presence.rawValue] + member.parameters)
        }
    }

    /// A contact has come, or has changed its status or its name.
    ///
    ///     S: NLN BSY bob@example.com Bob
    enum NLN: ParsedForm {
        static let name = "NLN"
        static let shown = ShownParameters.first(3)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            .presence(try reader.value(Presence.self), try reader.member())
        }

        static func frame(_ presence: Presence, _ member: ListMember) -> Frame {
            Frame(name, [presence.rawValue] + member.parameters)
        }
    }

    /// A contact has gone.
    ///
    ///     S: FLN carol@example.com
    enum FLN: ParsedForm {
        static let name = "FLN"
        static let shown = ShownParameters.first(1)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            .offline(handle: try reader.handle())
        }

        static func frame(handle: String) -> Frame { Frame(name, [PercentEncoding.encode(handle)]) }
    }
}
