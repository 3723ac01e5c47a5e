/// What a client says to a notification server to reach people who are not there: the directory, invitations by mail
/// and mobile pages (protocol.md 12.1, 12.2, 14.1).
package enum OutreachCommand: Equatable, Sendable {
    /// `FND 25 fname=Another lname=User city=* state=* country=US`
    case search(TransactionID, [String])
    /// `SND 24 newbie@example.com 0x0409`: below MSNP5; the rest as the dialect has it.
    case sendMail(TransactionID, recipient: String, [String])
    /// `SDC 27 newbie@example.com 0x0409 MSMSGS MSMSGS X X Alice 21` and its payload.
    case inviteByMail(TransactionID, MailInvitation)
    /// `PAG 30 carol@example.com 61` and its payload.
    case page(TransactionID, handle: String, Redacted<[UInt8]>)

    /// The search for what a query asks.
    package static func search(_ transaction: TransactionID, _ query: DirectoryQuery) -> OutreachCommand {
        .search(transaction, query.parameters)
    }

    /// The constants between an invitation's language and its sender, as the official client has them.
    private static let origin = ["MSMSGS", "MSMSGS", "X", "X"]

    /// Reads what a client sent, as a server does; throws `ParseError`.
    package init(parsing frame: Frame) throws(ParseError) {
        var reader = ParameterReader(frame)
        switch frame.command {
        case "FND": self = .search(try reader.transaction(), Self.rest(&reader))
        case "SND":
            self = .sendMail(try reader.transaction(), recipient: try reader.required(), Self.rest(&reader))
        case "SDC":
            let transaction = try reader.transaction()
            let recipient = try reader.required()
            let language = try reader.required()
            for _ in Self.origin { _ = try reader.required() }
            self = .inviteByMail(
                transaction,
                MailInvitation(
                    recipient: recipient, language: language, sender: try reader.text(), text: frame.payload ?? []))
        case "PAG":
            self = .page(
                try reader.transaction(), handle: try reader.required(), Redacted(frame.payload ?? []))
        default: throw .unknownCommand(frame.printableCommand)
        }
    }

    /// The frame that says this on the wire.
    package var frame: Frame {
        switch self {
        case .search(let transaction, let fields): Frame("FND", [transaction.description] + fields)
        case .sendMail(let transaction, let recipient, let rest):
            Frame("SND", [transaction.description, recipient] + rest)
        case .inviteByMail(let transaction, let invitation):
            Frame(
                "SDC",
                [transaction.description, invitation.recipient, invitation.language] + Self.origin
                    + [PercentEncoding.encode(invitation.sender)],
                payload: invitation.text.value)
        case .page(let transaction, let handle, let payload):
            Frame("PAG", [transaction.description, handle], payload: payload.value)
        }
    }

    private static func rest(_ reader: inout ParameterReader) -> [String] {
        var tokens: [String] = []
        while reader.remaining > 0 { tokens.append(reader.optional() ?? "") }
        return tokens
    }
}
