extension ClientCommand {
    /// The frame that says this on the wire.
    package var frame: Frame {
        switch self {
        case .dialects(let transaction, let names): Frame("VER", [transaction.description] + names)
        case .securityPackages(let transaction): Frame("INF", [transaction.description])
        case .nameAccount(let transaction, let package, let handle):
            Frame("USR", [transaction.description, package, "I", handle])
        case .answerSignIn(let transaction, let package, let hash):
            Frame("USR", [transaction.description, package, "S", hash.value])
        case .requestTransfer(let transaction, let kind): Frame("XFR", [transaction.description, kind])
        case .clientVersion(let transaction, let values): Frame("CVR", [transaction.description] + values)
        case .clientVersionQuery(let transaction, let values): Frame("CVQ", [transaction.description] + values)
        case .signOut: Frame("OUT")
        case .synchronize(let transaction, let version): Frame("SYN", [transaction.description, String(version)])
        case .requestList(let transaction, let list): Frame("LST", [transaction.description, list.rawValue])
        case .setAddPrompt(let transaction, let value): Frame("GTC", [transaction.description, value.rawValue])
        case .setPrivacy(let transaction, let value): Frame("BLP", [transaction.description, value.rawValue])
        case .setPhone(let transaction, let key, let value):
            Frame("PRP", [transaction.description, key] + (value.map { [PercentEncoding.encode($0)] } ?? []))
        case .add(let transaction, let list, let member):
            Frame(
                "ADD",
                [transaction.description, list.rawValue, member.handle, PercentEncoding.encode(member.name)])
        case .remove(let transaction, let list, let handle):
            Frame("REM", [transaction.description, list.rawValue, handle])
        case .rename(let transaction, let member):
            Frame("REA", [transaction.description, member.handle, PercentEncoding.encode(member.name)])
        case .setPresence(let transaction, let presence):
            Frame("CHG", [transaction.description, presence.rawValue])
        case .ping: Frame("PNG")
        case .requestChallenge(let transaction): Frame("CHL", [transaction.description])
        case .answerChallenge(let transaction, let clientID, let answer):
            Frame("QRY", [transaction.description, clientID], payload: answer.value)
        case .requestService(let transaction, let service, let parameter):
            Frame("URL", [transaction.description, service] + (parameter.map { [$0] } ?? []))
        }
    }
}
