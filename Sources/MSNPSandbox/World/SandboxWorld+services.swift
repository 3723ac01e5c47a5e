import MSNP

extension SandboxWorld {
    /// `URL` (protocol.md 11.1); a service that the dialect doesn't have is 201.
    mutating func requestService(
        _ name: String, _ parameter: String?, _ transaction: TransactionID, _ dialect: Dialect,
        on id: SandboxConnectionID
    ) {
        guard let service = SandboxService(rawValue: name), service.dialects.contains(dialect) else {
            return refuse(201, transaction, to: id)
        }
        var language = SandboxLanguage.english
        if service.takesLanguage, let parameter {
            guard let named = SandboxLanguage(parsing: parameter) else { return refuse(710, transaction, to: id) }
            language = named
        }
        let target = parameter.map(PercentEncoding.decode)
        guard (target?.utf8.count ?? 0) <= WireLimits.handle else { return refuse(201, transaction, to: id) }
        let reply = ServiceReply(
            redirect: service.redirect(language, target: target), login: Self.loginURL(language),
            siteID: dialect >= .msnp3 ? service.siteID : nil)
        send(.service(transaction, reply), to: id)
    }

    static func loginURL(_ language: SandboxLanguage) -> String {
        "https://\(loginHost)/ppsecure/md5auth.srf?lc=\(language.decimal)"
    }

    /// The commands that nothing here stands behind: directory, invitations by mail, pages, WebTV (protocol.md 12, 14.1).
    ///
    /// A classic server knows them all, so none of them may end the connection.
    mutating func serveDirectory(_ frame: Frame, _ session: SandboxSession, on id: SandboxConnectionID) {
        guard let transaction = Self.transaction(of: frame),
            Self.dialect(introducing: frame.command) <= session.dialect
        else { return close(id) }
        let parameters = frame.parameters.dropFirst()
        switch frame.command {
        case "FND": send(Frame("FND", [transaction.description, "0", "0"]), to: id)
        case "SND" where !parameters.isEmpty, "SDC" where parameters.count >= 7:
            send(Frame(frame.command, [transaction.description, "OK"]), to: id)
        case "SND", "SDC":
            refuse(503, transaction, to: id)
            close(id)
        // There is no positive answer.
        case "PAG" where !parameters.isEmpty: break
        case "IMS":
            guard let value = parameters.first, value == "ON" || value == "OFF" else { return close(id) }
            self[session.account].takesCalls = value == "ON"
            send(Frame("IMS", [transaction.description, "0", value]), to: id)
        default: close(id)
        }
    }

    private static func transaction(of frame: Frame) -> TransactionID? {
        // Digits only: UInt32 would also take a sign.
        guard let token = frame.parameters.first, token.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt32(token)
        else { return nil }
        return TransactionID(rawValue: number)
    }
}
