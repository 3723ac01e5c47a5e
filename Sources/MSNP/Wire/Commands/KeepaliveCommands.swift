import ByteText

// Whether the server is there, and whether we are an official client (docs/protocol.md#keepalive, #challenges).

extension ClientCommand {
    /// Asks whether the server is there.
    ///
    ///     C: PNG
    enum PNG: ParsedForm {
        static let name = "PNG"
        static let shown = ShownParameters.nothing
        static let isOptional = true

        static func parse(_ reader: inout ParameterReader) -> ClientCommand { .ping }
    }

    /// Asks for a challenge.
    ///
    ///     C: CHL 12
    enum CHL: ParsedForm {
        static let name = "CHL"
        static let shown = ShownParameters.first(1)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            .requestChallenge(try reader.transaction())
        }
    }

    /// The answer to a challenge.
    ///
    ///     C: QRY 10 msmsgs@msnmsgr.com 32
    ///     > 4f2bfd7bcb9f0ef66b9d0f52cb2f6d8c
    enum QRY: ParsedForm {
        static let name = "QRY"
        /// The client's name.
        static let shown = ShownParameters.first(2)
        static let payload: ShownPayload? = .blanked

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            .answerChallenge(
                try reader.transaction(), clientID: try reader.word().text, answer: Redacted(reader.payload))
        }

        static func frame(_ transaction: TransactionID, clientID: String, answer: Redacted<[UInt8]>) -> Frame {
            Frame(name, transaction, [clientID], payload: answer.value)
        }
    }
}

extension ServerCommand {
    /// The server is there.
    ///
    ///     S: QNG
    enum QNG: ParsedForm {
        static let name = "QNG"
        static let shown = ShownParameters.nothing

        static func parse(_ reader: inout ParameterReader) -> ServerCommand { .pong }
    }

    /// A challenge, from some servers without the ID (docs/protocol.md#challenges).
    ///
    ///     S: CHL 0 11111111111111111111
    enum CHL: ParsedForm {
        static let name = "CHL"
        /// The challenge too: it is new each time, and only the answer to it is a secret.
        static let shown = ShownParameters.first(2)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            guard reader.remaining > 1 else { return .challenge(nil, try reader.required()) }
            let transaction = TransactionID(parsing: try reader.required())
            return .challenge(transaction, try reader.required())
        }

        static func frame(_ transaction: TransactionID?, _ challenge: String) -> Frame {
            Frame(name, transaction, [challenge])
        }
    }

    /// The answer was right.
    ///
    ///     S: QRY 10
    enum QRY: ParsedForm {
        static let name = "QRY"
        static let shown = ShownParameters.first(1)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            .challengeAccepted(try reader.transaction())
        }
    }
}
