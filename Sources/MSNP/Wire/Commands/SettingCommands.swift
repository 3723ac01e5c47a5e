import ByteText

// The settings of an account, and the phones of its contacts (docs/protocol.md#requests, #names, #phones).

extension ClientCommand {
    /// Sets whether to ask before somebody who added us may see us.
    ///
    ///     C: GTC 11 A
    enum GTC: ParsedForm {
        static let name = "GTC"
        static let shown = ShownParameters.first(2)
        static let isOptional = true

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            .setAddPrompt(try reader.transaction(), try reader.value(AddPrompt.self))
        }

        static func frame(_ transaction: TransactionID, _ value: AddPrompt) -> Frame {
            Frame(name, transaction, [value.rawValue])
        }
    }

    /// Sets whether people on no list may see us and write to us.
    ///
    ///     C: BLP 11 BL
    enum BLP: ParsedForm {
        static let name = "BLP"
        static let shown = ShownParameters.first(2)
        static let isOptional = true

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            .setPrivacy(try reader.transaction(), try reader.value(PrivacyMode.self))
        }

        static func frame(_ transaction: TransactionID, _ value: PrivacyMode) -> Frame {
            Frame(name, transaction, [value.rawValue])
        }
    }

    /// Sets a phone property of the account; no value clears it.
    ///
    ///     C: PRP 21 PHM 555
    enum PRP: ParsedForm {
        static let name = "PRP"
        static let shown = ShownParameters.first(3)
        static let isOptional = true

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            .setPhone(try reader.transaction(), key: try reader.word().text, try reader.optionalText())
        }

        static func frame(_ transaction: TransactionID, key: String, _ value: String?) -> Frame {
            Frame(name, transaction, [key] + Frame.text(value))
        }
    }
}

extension ServerCommand {
    /// Whether to ask before somebody who added us may see us.
    ///
    ///     S: GTC 8 9 A
    enum GTC: ParsedForm {
        static let name = "GTC"
        static let shown = ShownParameters.first(3)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            .addPrompt(try reader.transaction(), version: reader.optionalNumber(), try reader.value(AddPrompt.self))
        }

        static func frame(_ transaction: TransactionID, version: UInt32?, _ value: AddPrompt) -> Frame {
            Frame(name, transaction, Frame.number(version) + [value.rawValue])
        }
    }

    /// Whether people on no list may see us and write to us.
    ///
    ///     S: BLP 8 9 AL
    enum BLP: ParsedForm {
        static let name = "BLP"
        static let shown = ShownParameters.first(3)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            .privacy(try reader.transaction(), version: reader.optionalNumber(), try reader.value(PrivacyMode.self))
        }

        static func frame(_ transaction: TransactionID, version: UInt32?, _ value: PrivacyMode) -> Frame {
            Frame(name, transaction, Frame.number(version) + [value.rawValue])
        }
    }

    /// A phone property of the account; some servers leave the transaction ID out inside `SYN`
    /// (docs/protocol.md#synchronization).
    ///
    ///     S: PRP 8 9 PHH 555
    ///     S: PRP 9 PHH 555
    enum PRP: ParsedForm {
        static let name = "PRP"
        static let shown = ShownParameters.first(4)

        /// The second token tells the two forms apart, as no version is alphabetic.
        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            let first = reader.optionalNumber()
            let second = reader.optionalNumber()
            let property = try reader.value(PhoneProperty.self)
            let value = try reader.optionalText()
            guard let first, let second else { return .ownPhone(nil, version: first, property, value) }
            return .ownPhone(TransactionID(rawValue: first), version: second, property, value)
        }

        static func frame(
            _ transaction: TransactionID?, version: UInt32?, _ property: PhoneProperty, _ value: String?
        ) -> Frame {
            Frame(name, transaction, Frame.number(version) + [property.rawValue] + Frame.text(value))
        }
    }

    /// A phone property of a contact; behind a list line it may lack the handle (docs/protocol.md#synchronization).
    ///
    ///     S: BPR 9 bob@example.com PHH 555
    ///     S: BPR 9 PHH 555
    enum BPR: ParsedForm {
        static let name = "BPR"
        static let shown = ShownParameters.first(4)

        /// A handle has an `@`, which tells the two forms apart.
        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            let version = reader.optionalNumber()
            var contact: String?
            // By byte: a combining mark after the @ would make both one Character.
            if let token = reader.peeked, PercentEncoding.decode(token).utf8.contains(UInt8(ascii: "@")) {
                contact = try reader.handle()
            }
            let property = try reader.value(PhoneProperty.self)
            return .contactPhone(version: version, handle: contact, property, try reader.optionalText())
        }

        static func frame(
            version: UInt32?, handle: String?, _ property: PhoneProperty, _ value: String?
        ) -> Frame {
            Frame(name, Frame.number(version) + Frame.text(handle) + [property.rawValue] + Frame.text(value))
        }
    }
}
