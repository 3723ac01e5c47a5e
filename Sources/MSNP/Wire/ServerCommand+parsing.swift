import ByteText

extension ServerCommand {
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
                try reader.transaction(), version: reader.optionalNumber(), try reader.value(AddPrompt.self))
        case "BLP":
            self = .privacy(
                try reader.transaction(), version: reader.optionalNumber(), try reader.value(PrivacyMode.self))
        case "PRP": self = try Self.ownPhone(&reader)
        case "BPR": self = try Self.contactPhone(&reader)
        case "ADD":
            let transaction = try reader.transaction()
            let list = try reader.value(ListName.self)
            let version = reader.optionalNumber()
            self = .added(transaction, list, version: version, try Self.member(&reader, after: version))
        case "REM": self = try Self.removal(&reader)
        case "REA":
            let transaction = try reader.transaction()
            let version = reader.optionalNumber()
            self = .renamed(transaction, version: version, try Self.member(&reader, after: version))
        case "CHG": self = .ownPresence(try reader.transaction(), try reader.value(Presence.self))
        case "ILN":
            self = .initialPresence(
                try reader.transaction(), try reader.value(Presence.self), try reader.member())
        case "NLN": self = .presence(try reader.value(Presence.self), try reader.member())
        case "FLN": self = .offline(handle: try reader.handle())
        case "QNG": self = .pong
        case "CHL": self = try Self.challenge(&reader)
        case "QRY": self = .challengeAccepted(try reader.transaction())
        case "URL":
            self = .service(
                try reader.transaction(),
                ServiceReply(
                    redirect: reader.optional() ?? "", login: reader.optional() ?? "", siteID: reader.optionalToken()))
        case "MSG":
            self = .message(from: try reader.sender(), Redacted(frame.payload ?? []))
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
            guard try reader.word() == "OK" else { throw reader.invalid() }
        case "SDC":
            self = .invitationSent(try reader.transaction())
            guard try reader.word() == "OK" else { throw reader.invalid() }
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
        rest(&reader).flatMap { $0.utf8.split(separator: UInt8(ascii: ",")).map { String(Substring($0)) } }
    }

    private static func user(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
        let transaction = try reader.transaction()
        let word = try reader.word()
        guard word != "OK" else {
            let handle = try reader.handle()
            let name = try reader.text()
            // What stands there instead is nobody's business, whatever its length.
            let bit = reader.optional() ?? ""
            let verified: Bool? = ASCII.equals(bit, "1") ? true : ASCII.equals(bit, "0") ? false : nil
            return .signedIn(transaction, handle: handle, name: name, verified: verified)
        }
        guard try reader.word() == "S" else { throw reader.invalid() }
        return .signInChallenge(transaction, package: word.text, challenge: try reader.required())
    }

    private static func transfer(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
        let transaction = try reader.transaction()
        let kind = try reader.word()
        if let place = reader.peeked, ASCII.equals(place, "0") { return .referral(transaction, .restart) }
        let address = try reader.address()
        switch kind {
        case "NS": return .referral(transaction, .notification(address))
        case "SB":
            reader.skip()  // the authentication type, always CKI
            return .referral(transaction, .switchboard(address, cookie: Redacted(try reader.ticket())))
        default: throw .invalidParameter(command: "XFR", index: 1)
        }
    }

    private static func call(_ reader: inout ParameterReader) throws(ParseError) -> Ring {
        let session = try reader.ticket()
        let address = try reader.address()
        reader.skip()  // the authentication type, always CKI
        return Ring(
            session: session, address: address, cookie: Redacted(try reader.ticket()), caller: try reader.member())
    }

    private static func listLine(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
        let transaction = try reader.transaction()
        let list = try reader.value(ListName.self)
        let version = try reader.number()
        let index = try reader.number()
        let count = try reader.number()
        let member = count == 0 ? nil : try reader.member()
        return .list(
            transaction, ListEntry(list: list, version: version, index: index, count: count, member: member))
    }

    /// `REM 17 FL 15 bob@example.com`; one document's answers lack the handle, which who asked knows (protocol.md 6.2).
    private static func removal(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
        let transaction = try reader.transaction()
        let list = try reader.value(ListName.self)
        let version = reader.optionalNumber()
        let isAnswer = transaction != .unsolicited
        let handle = isAnswer && reader.remaining == 0 ? "" : try handle(&reader, after: version)
        return .removed(transaction, list, version: version, handle: handle)
    }

    /// `PRP 8 9 PHH v` or `PRP 9 PHH v`: the second token tells, as no version is alphabetic (protocol.md 5.3).
    private static func ownPhone(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
        let first = reader.optionalNumber()
        let second = reader.optionalNumber()
        let property = try reader.value(PhoneProperty.self)
        let value = try reader.optionalText()
        guard let first, let second else { return .ownPhone(nil, version: first, property, value) }
        return .ownPhone(TransactionID(rawValue: first), version: second, property, value)
    }

    /// `BPR 9 bob@example.com PHH v` or `BPR 9 PHH v`: a handle has an `@` (protocol.md 5.3).
    private static func contactPhone(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
        let version = reader.optionalNumber()
        var contact: String?
        // By byte: a combining mark after the @ would make both one Character.
        if let token = reader.peeked, PercentEncoding.decode(token).utf8.contains(UInt8(ascii: "@")) {
            contact = try reader.handle()
        }
        let property = try reader.value(PhoneProperty.self)
        return .contactPhone(version: version, handle: contact, property, try reader.optionalText())
    }

    /// `CHL 0 challenge`, or the challenge alone (protocol.md 13.2).
    private static func challenge(_ reader: inout ParameterReader) throws(ParseError) -> ServerCommand {
        guard reader.remaining > 1 else { return .challenge(nil, try reader.required()) }
        let transaction = TransactionID(parsing: try reader.required())
        return .challenge(transaction, try reader.required())
    }

    /// A handle where a list version may have been left out: then its `@` is what tells it from nonsense.
    private static func handle(
        _ reader: inout ParameterReader, after version: UInt32?
    ) throws(ParseError) -> String {
        let handle = try reader.handle()
        guard version != nil || handle.utf8.contains(UInt8(ascii: "@")) else { throw reader.invalid() }
        return handle
    }

    private static func member(
        _ reader: inout ParameterReader, after version: UInt32?
    ) throws(ParseError) -> ListMember {
        ListMember(handle: try handle(&reader, after: version), name: try reader.text())
    }
}

extension SignOutReason {
    init(parsing word: String?) {
        let word = word ?? ""
        if word.isEmpty {
            self = .unspecified
        } else if ASCII.equals(word, "OTH") {
            self = .signedInElsewhere
        } else {
            self = ASCII.equals(word, "SSD") ? .serverShutdown : .other(word)
        }
    }
}
