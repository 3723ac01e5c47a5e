import ByteText

extension ClientCommand {
    /// Reads what a client sent, as a server does.
    ///
    /// Throws `ParseError`, on which classic servers close (protocol.md 16).
    package init(parsing frame: Frame) throws(ParseError) {
        var reader = ParameterReader(frame)
        switch frame.command {
        case "VER": self = .dialects(try reader.transaction(), Self.rest(&reader))
        case "INF": self = .securityPackages(try reader.transaction())
        case "USR": self = try Self.user(&reader)
        case "XFR": self = .requestTransfer(try reader.transaction(), kind: try reader.word().text)
        case "CVR": self = .clientVersion(try reader.transaction(), Self.rest(&reader))
        case "CVQ": self = .clientVersionQuery(try reader.transaction(), Self.rest(&reader))
        case "OUT": self = .signOut
        case "SYN": self = .synchronize(try reader.transaction(), version: try reader.number())
        case "LST": self = .requestList(try reader.transaction(), try reader.value(ListName.self))
        case "GTC": self = .setAddPrompt(try reader.transaction(), try reader.value(AddPrompt.self))
        case "BLP": self = .setPrivacy(try reader.transaction(), try reader.value(PrivacyMode.self))
        case "PRP":
            self = .setPhone(try reader.transaction(), key: try reader.word().text, try reader.optionalText())
        case "ADD":
            let transaction = try reader.transaction()
            let list = try reader.value(ListName.self)
            let handle = try reader.required()
            self = .add(transaction, list, ListMember(handle: handle, name: try reader.optionalText() ?? handle))
        case "REM":
            self = .remove(
                try reader.transaction(), try reader.value(ListName.self), handle: try reader.required())
        case "REA":
            self = .rename(
                try reader.transaction(), ListMember(handle: try reader.required(), name: try reader.text()))
        case "CHG": self = .setPresence(try reader.transaction(), try reader.value(Presence.self))
        case "PNG": self = .ping
        case "CHL": self = .requestChallenge(try reader.transaction())
        case "QRY":
            self = .answerChallenge(
                try reader.transaction(), clientID: try reader.word().text, answer: Redacted(frame.payload ?? []))
        case "URL":
            self = .requestService(
                try reader.transaction(), service: try reader.word().text, parameter: reader.optionalToken())
        default: throw .unknownCommand(frame.printableCommand)
        }
    }

    private static func rest(_ reader: inout ParameterReader) -> [String] {
        var tokens: [String] = []
        while reader.remaining > 0 { tokens.append(reader.optional() ?? "") }
        return tokens
    }

    private static func user(_ reader: inout ParameterReader) throws(ParseError) -> ClientCommand {
        let transaction = try reader.transaction()
        let package = try reader.word().text
        switch try reader.word() {
        case "I": return .nameAccount(transaction, package: package, handle: try reader.required())
        case "S": return .answerSignIn(transaction, package: package, hash: Redacted(try reader.required()))
        default: throw reader.invalid()
        }
    }
}
