import ByteText
import MSNP

extension World {
    /// `URL` (docs/protocol.md#url); a service that the dialect doesn't have is 201.
    mutating func requestService(
        _ name: String, _ parameter: String?, _ transaction: TransactionID, _ dialect: Dialect,
        on id: ConnectionID
    ) {
        guard name.utf8.count <= WireLimits.word,
            let service = WebService.allCases.first(where: { ASCII.equals($0.rawValue, name) }),
            service.dialects.contains(dialect)
        else {
            return refuse(201, transaction, to: id)
        }
        var language = Language.english
        if service.takesLanguage, let parameter {
            guard let named = Language(parsing: parameter) else { return refuse(710, transaction, to: id) }
            language = named
        }
        let target = parameter.map(PercentEncoding.decode)
        guard (target?.utf8.count ?? 0) <= WireLimits.handle else { return refuse(201, transaction, to: id) }
        let reply = ServiceReply(
            redirect: service.redirect(language, target: target), login: Self.loginURL(language),
            siteID: dialect >= .msnp3 ? service.siteID : nil)
        send(.service(transaction, reply), to: id)
    }

    static func loginURL(_ language: Language) -> String {
        "https://\(loginHost)/ppsecure/md5auth.srf?lc=\(language.decimal)"
    }
}
