// What people and the service say (docs/protocol.md#messages, #message-payloads, #server-messages).

extension ServerCommand {
    /// The service says something.
    ///
    ///     S: MSG Hotmail Hotmail 90
    ///     > MIME-Version: 1.0
    enum MSG: ParsedForm {
        static let name = "MSG"
        static let shown = ShownParameters.first(2)
        static let payload: ShownPayload? = .message

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            .message(from: try reader.sender(), Redacted(reader.payload))
        }

        static func frame(from sender: ListMember, _ payload: Redacted<[UInt8]>) -> Frame {
            Frame(name, sender.parameters, payload: payload.value)
        }
    }
}

extension SwitchboardClientCommand {
    /// We say something to all who are there.
    ///
    ///     C: MSG 4 N 134
    ///     > MIME-Version: 1.0
    enum MSG: ParsedForm {
        static let name = "MSG"
        static let shown = ShownParameters.first(2)
        static let payload: ShownPayload? = .message

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> SwitchboardClientCommand {
            .message(try reader.transaction(), try reader.value(Acknowledgement.self), Redacted(reader.payload))
        }

        static func frame(
            _ transaction: TransactionID, _ acknowledgement: Acknowledgement, _ payload: Redacted<[UInt8]>
        ) -> Frame {
            Frame(name, transaction, [acknowledgement.rawValue], payload: payload.value)
        }
    }
}

extension SwitchboardServerCommand {
    /// Somebody who is there says something.
    ///
    ///     S: MSG bob@example.com Bob%20B. 80
    ///     > MIME-Version: 1.0
    enum MSG: ParsedForm {
        static let name = ServerCommand.MSG.name
        static let shown = ServerCommand.MSG.shown
        static let payload = ServerCommand.MSG.payload

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> SwitchboardServerCommand {
            .message(from: try reader.sender(), Redacted(reader.payload))
        }

        static func frame(from sender: ListMember, _ payload: Redacted<[UInt8]>) -> Frame {
            ServerCommand.MSG.frame(from: sender, payload)
        }
    }

    /// A message has reached everybody there.
    ///
    ///     S: ACK 4
    enum ACK: ParsedForm {
        static let name = "ACK"
        static let shown = ShownParameters.first(1)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> SwitchboardServerCommand {
            .acknowledged(try reader.transaction())
        }
    }

    /// A message has not reached everybody.
    ///
    ///     S: NAK 6
    enum NAK: ParsedForm {
        static let name = "NAK"
        static let shown = ShownParameters.first(1)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> SwitchboardServerCommand {
            .notDelivered(try reader.transaction())
        }
    }
}

/// Which answer a message asks of the switchboard (docs/protocol.md#messages).
///
///     C: MSG 4 N 134
package enum Acknowledgement: String, CaseIterable, Sendable {
    /// No answer, whether it arrives or not: typing notifications.
    case none = "U"
    /// `NAK` when it could not be delivered.
    case onFailure = "N"
    /// `ACK` when it was delivered, `NAK` when not.
    case always = "A"
}
