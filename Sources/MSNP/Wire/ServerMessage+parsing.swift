extension ServerMessage {
    /// Reads what a server sent, as leniently as protocol.md 1.2, 1.3 and 21.1 ask.
    ///
    /// Throws `ParseError`, which is a reason to ignore the frame and never to close the connection.
    package init(parsing frame: Frame) throws(ParseError) {
        var reader = ParameterReader(frame)
        switch frame.command {
        case "VER": self = .dialects(try reader.transaction(), Self.rest(&reader))
        case "INF": self = .securityPackages(try reader.transaction(), Self.packages(&reader))
        case "USR": self = try Self.user(&reader)
        case "XFR": self = try Self.transfer(&reader)
        case "CVR", "CVQ": self = .clientVersion(try reader.transaction(), Self.rest(&reader))
        case "OUT": self = .signedOut(SignOutReason(parsing: reader.optional()))
        case "SYN": self = .synchronization(try reader.transaction(), version: try reader.number())
        case "LST": self = try Self.listLine(&reader)
        case "GTC":
            self = .addPrompt(
                try reader.transaction(), version: try reader.number(), try reader.value(AddPrompt.self))
        case "BLP":
            self = .privacy(
                try reader.transaction(), version: try reader.number(), try reader.value(PrivacyMode.self))
        case "PRP": self = try Self.ownPhone(&reader)
        case "BPR": self = try Self.contactPhone(&reader)
        case "ADD":
            self = .added(
                try reader.transaction(), try reader.value(ListName.self), version: try reader.number(),
                try Self.member(&reader))
        case "REM": self = try Self.removal(&reader)
        case "REA":
            self = .renamed(try reader.transaction(), version: try reader.number(), try Self.member(&reader))
        case "CHG": self = .ownPresence(try reader.transaction(), try reader.value(Presence.self))
        case "ILN":
            self = .initialPresence(
                try reader.transaction(), try reader.value(Presence.self), try Self.member(&reader))
        case "NLN": self = .presence(try reader.value(Presence.self), try Self.member(&reader))
        case "FLN": self = .offline(handle: try Self.handle(&reader))
        case "QNG": self = .pong
        case "CHL": self = try Self.challenge(&reader)
        case "QRY": self = .challengeAccepted(try reader.transaction())
        case "URL":
            self = .service(
                try reader.transaction(),
                ServiceReply(
                    redirect: reader.optional() ?? "", login: reader.optional() ?? "", siteID: reader.optionalToken()))
        case "MSG":
            let sender = ListMember(handle: reader.text(), name: reader.text())
            self = .message(from: sender, Redacted(frame.payload ?? []))
        case "NOT": self = .alert(Redacted(frame.payload ?? []))
        case "IPG": self = .page(Redacted(frame.payload ?? []))
        case "RNG": self = .ring(try Self.call(&reader))
        case "FND":
            let transaction = try reader.transaction()
            let index = try reader.number()
            let count = try reader.number()
            let entry = count == 0 ? nil : DirectoryEntry(parsing: Self.rest(&reader))
            self = .found(transaction, index: index, count: count, entry)
        case "SND":
            self = .mailSent(try reader.transaction())
            guard try reader.required() == "OK" else { throw reader.invalid() }
        case "SDC":
            self = .invitationSent(try reader.transaction())
            guard try reader.required() == "OK" else { throw reader.invalid() }
        default:
            guard let code = ErrorCode(parsing: frame.command) else { throw .unknownCommand(frame.printableCommand) }
            // An error may lack its ID, and may carry free text after it (protocol.md 1.3).
            self = .error(code, reader.optional().flatMap(TransactionID.init(parsing:)))
        }
    }

    private static func rest(_ reader: inout ParameterReader) -> [String] {
        var tokens: [String] = []
        while reader.remaining > 0 { tokens.append(reader.optional() ?? "") }
        return tokens
    }

    /// The draft separates packages with commas, servers with spaces (protocol.md 2.4).
    private static func packages(_ reader: inout ParameterReader) -> [String] {
        rest(&reader).flatMap { $0.split(separator: ",").map(String.init) }
    }

    private static func user(_ reader: inout ParameterReader) throws(ParseError) -> ServerMessage {
        let transaction = try reader.transaction()
        let word = try reader.required()
        guard word != "OK" else {
            let handle = try handle(&reader)
            let name = reader.text()
            let verified: Bool? =
                switch reader.optional() {
                case "1": true
                case "0": false
                default: nil
                }
            return .signedIn(transaction, handle: handle, name: name, verified: verified)
        }
        guard try reader.required() == "S" else { throw reader.invalid() }
        return .signInChallenge(transaction, package: word, challenge: try reader.required())
    }

    private static func transfer(_ reader: inout ParameterReader) throws(ParseError) -> ServerMessage {
        let transaction = try reader.transaction()
        let kind = try reader.required()
        let place = try reader.required()
        if place == "0" { return .referral(transaction, .restart) }
        guard let address = ServerAddress(parsing: place) else { throw reader.invalid() }
        switch kind {
        case "NS": return .referral(transaction, .notification(address))
        case "SB":
            reader.skip()  // the authentication type, always CKI
            return .referral(transaction, .switchboard(address, cookie: Redacted(try reader.required())))
        default: throw .invalidParameter(command: "XFR", index: 1)
        }
    }

    private static func call(_ reader: inout ParameterReader) throws(ParseError) -> Ring {
        let session = try reader.required()
        guard let address = ServerAddress(parsing: try reader.required()) else { throw reader.invalid() }
        reader.skip()  // the authentication type, always CKI
        return Ring(
            session: session, address: address, cookie: Redacted(try reader.required()), caller: try member(&reader))
    }

    private static func listLine(_ reader: inout ParameterReader) throws(ParseError) -> ServerMessage {
        let transaction = try reader.transaction()
        let list = try reader.value(ListName.self)
        let version = try reader.number()
        let index = try reader.number()
        let count = try reader.number()
        let member = count == 0 ? nil : try member(&reader)
        return .list(
            transaction, ListEntry(list: list, version: version, index: index, count: count, member: member))
    }

    /// `REM 17 FL 15 bob@example.com`; one document's answers lack the handle, which who asked knows (protocol.md 6.2).
    private static func removal(_ reader: inout ParameterReader) throws(ParseError) -> ServerMessage {
        let transaction = try reader.transaction()
        let list = try reader.value(ListName.self)
        let version = try reader.number()
        let isAnswer = transaction != .unsolicited
        let handle = isAnswer && reader.remaining == 0 ? "" : try handle(&reader)
        return .removed(transaction, list, version: version, handle: handle)
    }

    /// `PRP 8 9 PHH v` or `PRP 9 PHH v`: the second token tells, as no version is alphabetic (protocol.md 5.3).
    private static func ownPhone(_ reader: inout ParameterReader) throws(ParseError) -> ServerMessage {
        let first = try reader.number()
        guard let second = reader.peeked else { throw .missingParameter(command: "PRP", index: 1) }
        if TransactionID(parsing: second) == nil {
            let property = try reader.value(PhoneProperty.self)
            return .ownPhone(nil, version: first, property, reader.optionalText())
        }
        let version = try reader.number()
        let property = try reader.value(PhoneProperty.self)
        return .ownPhone(TransactionID(rawValue: first), version: version, property, reader.optionalText())
    }

    /// `BPR 9 bob@example.com PHH v` or `BPR 9 PHH v`: a handle has an `@` (protocol.md 5.3).
    private static func contactPhone(_ reader: inout ParameterReader) throws(ParseError) -> ServerMessage {
        let version = try reader.number()
        var contact: String?
        // By byte: a combining mark after the @ would make both one Character.
        if let token = reader.peeked, PercentEncoding.decode(token).utf8.contains(UInt8(ascii: "@")) {
            contact = try handle(&reader)
        }
        let property = try reader.value(PhoneProperty.self)
        return .contactPhone(version: version, handle: contact, property, reader.optionalText())
    }

    /// `CHL 0 challenge`, or the challenge alone (protocol.md 13.2).
    private static func challenge(_ reader: inout ParameterReader) throws(ParseError) -> ServerMessage {
        guard reader.remaining > 1 else { return .challenge(nil, try reader.required()) }
        let transaction = TransactionID(parsing: try reader.required())
        return .challenge(transaction, try reader.required())
    }

    /// Some servers encode handles too, `%40` and all (protocol.md 21.1).
    private static func handle(_ reader: inout ParameterReader) throws(ParseError) -> String {
        PercentEncoding.decode(try reader.required())
    }

    private static func member(_ reader: inout ParameterReader) throws(ParseError) -> ListMember {
        ListMember(handle: try handle(&reader), name: reader.text())
    }
}

extension SignOutReason {
    init(parsing word: String?) {
        self =
            switch word {
            case nil, "": .unspecified
            case "OTH": .signedInElsewhere
            case "SSD": .serverShutdown
            case .some(let word): .other(word)
            }
    }
}
