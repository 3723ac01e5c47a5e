import ByteText

// The directory, and invitations by mail (docs/protocol.md#outreach).

extension ClientCommand {
    /// Looks for people in the directory.
    ///
    ///     C: FND 25 fname=Another lname=User city=* state=* country=US
    enum FND: ParsedForm {
        static let name = "FND"
        static let shown = ShownParameters.all
        static let isOptional = true

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            .search(try reader.transaction(), reader.rest())
        }
    }

    /// Invites somebody by mail, below MSNP5; behind the recipient stands what the dialect has.
    ///
    ///     C: SND 24 newbie@example.com 0x0409
    enum SND: ParsedForm {
        static let name = "SND"
        static let shown = ShownParameters.all
        static let isOptional = true

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            .sendMail(try reader.transaction(), recipient: try reader.required(), reader.rest())
        }

        static func frame(_ transaction: TransactionID, recipient: String, _ rest: [String]) -> Frame {
            Frame(name, transaction, [recipient] + rest)
        }
    }

    /// Invites somebody by mail, with a text.
    ///
    ///     C: SDC 27 newbie@example.com 0x0409 MSMSGS MSMSGS X X Alice 21
    ///     > Join me on messenger!
    enum SDC: ParsedForm {
        static let name = "SDC"
        static let shown = ShownParameters.first(8)
        static let payload: ShownPayload? = .text
        static let isOptional = true

        /// The constants between an invitation's language and its sender, as the official client has them.
        private static let origin = ["MSMSGS", "MSMSGS", "X", "X"]

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
            let transaction = try reader.transaction()
            let recipient = try reader.required()
            let language = try reader.required()
            for _ in origin { _ = try reader.required() }
            return .inviteByMail(
                transaction,
                MailInvitation(
                    recipient: recipient, language: language, sender: try reader.text(), text: reader.payload))
        }

        static func frame(_ transaction: TransactionID, _ invitation: MailInvitation) -> Frame {
            Frame(
                name, transaction,
                [invitation.recipient, invitation.language] + origin + [PercentEncoding.encode(invitation.sender)],
                payload: invitation.text.value)
        }
    }

    /// Whether we may be called to switchboards, which WebTV's clients set; we never send it.
    ///
    ///     C: IMS 30 OFF
    enum IMS: CommandForm {
        static let name = "IMS"
        static let shown = ShownParameters.first(2)
        static let isOptional = true
    }
}

extension ServerCommand {
    /// One of the people whom a search has found, or that it has found nobody.
    ///
    ///     S: FND 25 1 2 fname=Another lname=User country=US
    ///     S: FND 26 0 0
    enum FND: ParsedForm {
        static let name = "FND"
        static let shown = ShownParameters.all

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            let transaction = try reader.transaction()
            let index = try reader.number()
            let count = try reader.number()
            let entry = count == 0 ? nil : DirectoryEntry(parsing: reader.rest())
            return .found(transaction, index: index, count: count, entry)
        }

        static func frame(
            _ transaction: TransactionID, index: UInt32, count: UInt32, _ entry: DirectoryEntry?
        ) -> Frame {
            Frame(name, transaction, [String(index), String(count)] + (entry?.parameters ?? []))
        }
    }

    /// An invitation by mail is on its way.
    ///
    ///     S: SND 24 OK
    enum SND: ParsedForm {
        static let name = "SND"
        static let shown = ShownParameters.first(2)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            let transaction = try reader.transaction()
            try reader.expect("OK")
            return .mailSent(transaction)
        }

        static func frame(_ transaction: TransactionID) -> Frame { Frame(name, transaction, ["OK"]) }
    }

    /// The same for one with a text.
    ///
    ///     S: SDC 27 OK
    enum SDC: ParsedForm {
        static let name = "SDC"
        static let shown = ShownParameters.first(2)

        static func parse(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
            let transaction = try reader.transaction()
            try reader.expect("OK")
            return .invitationSent(transaction)
        }

        static func frame(_ transaction: TransactionID) -> Frame { Frame(name, transaction, ["OK"]) }
    }

    /// The answer to `IMS`, which we never ask for.
    ///
    ///     S: IMS 30 0 OFF
    enum IMS: CommandForm {
        static let name = "IMS"
        static let shown = ShownParameters.first(3)
    }
}
