/// What a client says to a dispatch or notification server, with names and phone numbers percent-decoded.
///
/// How each command looks on the wire is in `Wire/Commands`.
package enum ClientCommand: Equatable, Sendable {
    /// `VER`
    case dialects(TransactionID, [String])
    /// `INF`
    case securityPackages(TransactionID)
    /// `USR … I`
    case nameAccount(TransactionID, package: String, handle: String)
    /// `USR … S`
    case answerSignIn(TransactionID, package: String, hash: Redacted<String>)
    /// `XFR`
    case requestTransfer(TransactionID, kind: String)
    /// `CVR`
    case clientVersion(TransactionID, [String])
    /// `CVQ`
    case clientVersionQuery(TransactionID, [String])
    /// `OUT`
    case signOut
    /// `SYN`
    case synchronize(TransactionID, version: UInt32)
    /// `LST`
    case requestList(TransactionID, ListName)
    /// `GTC`
    case setAddPrompt(TransactionID, AddPrompt)
    /// `BLP`
    case setPrivacy(TransactionID, PrivacyMode)
    /// `PRP`; no value clears. The key is as sent: servers answer unknown ones.
    case setPhone(TransactionID, key: String, String?)
    /// `ADD`
    case add(TransactionID, ListName, ListMember)
    /// `REM`
    case remove(TransactionID, ListName, handle: String)
    /// `REA`
    case rename(TransactionID, ListMember)
    /// `CHG`
    case setPresence(TransactionID, Presence)
    /// `PNG`
    case ping
    /// `CHL`: asks for a challenge.
    case requestChallenge(TransactionID)
    /// `QRY`, with the answer as payload.
    case answerChallenge(TransactionID, clientID: String, answer: Redacted<[UInt8]>)
    /// `URL`
    case requestService(TransactionID, service: String, parameter: String?)
    /// `FND`: the fields as they are sent.
    case search(TransactionID, [String])
    /// `SND`, below MSNP5; the rest as the dialect has it.
    case sendMail(TransactionID, recipient: String, [String])
    /// `SDC`
    case inviteByMail(TransactionID, MailInvitation)
    /// `PAG` and its payload.
    case page(TransactionID, handle: String, Redacted<[UInt8]>)

    /// The search for what a query asks.
    package static func search(_ transaction: TransactionID, _ query: DirectoryQuery) -> ClientCommand {
        .search(transaction, query.parameters)
    }
}

extension ClientCommand {
    /// Its commands; a new one is added here.
    static let table = CommandTable<ClientCommand>(
        [
            VER.self, INF.self, USR.self, XFR.self, CVR.self, CVQ.self, OUT.self, SYN.self, LST.self, GTC.self,
            BLP.self, PRP.self, ADD.self, REM.self, REA.self, CHG.self, PNG.self, CHL.self, QRY.self, URL.self,
            FND.self, SND.self, SDC.self, PAG.self,
        ], unread: [IMS.self])

    /// Reads what a client sent, as a server does.
    ///
    /// Throws `ParseError`, on which classic servers close (docs/protocol.md#server-side).
    package init(parsing frame: Frame) throws(ParseError) { self = try Self.table.parse(frame) }

    /// The frame that says this on the wire.
    package var frame: Frame {
        switch self {
        case .dialects(let transaction, let names): VER.frame(transaction, names)
        case .securityPackages(let transaction): INF.frame(transaction)
        case .nameAccount(let transaction, let package, let handle):
            USR.frame(transaction, package: package, handle: handle)
        case .answerSignIn(let transaction, let package, let hash):
            USR.frame(transaction, package: package, hash: hash)
        case .requestTransfer(let transaction, let kind): XFR.frame(transaction, kind: kind)
        case .clientVersion(let transaction, let values): CVR.frame(transaction, values)
        case .clientVersionQuery(let transaction, let values): CVQ.frame(transaction, values)
        case .signOut: OUT.frame()
        case .synchronize(let transaction, let version): SYN.frame(transaction, version: version)
        case .requestList(let transaction, let list): LST.frame(transaction, list)
        case .setAddPrompt(let transaction, let value): GTC.frame(transaction, value)
        case .setPrivacy(let transaction, let value): BLP.frame(transaction, value)
        case .setPhone(let transaction, let key, let value): PRP.frame(transaction, key: key, value)
        case .add(let transaction, let list, let member): ADD.frame(transaction, list, member)
        case .remove(let transaction, let list, let handle): REM.frame(transaction, list, handle: handle)
        case .rename(let transaction, let member): REA.frame(transaction, member)
        case .setPresence(let transaction, let presence): CHG.frame(transaction, presence)
        case .ping: PNG.frame()
        case .requestChallenge(let transaction): CHL.frame(transaction)
        case .answerChallenge(let transaction, let clientID, let answer):
            QRY.frame(transaction, clientID: clientID, answer: answer)
        case .requestService(let transaction, let service, let parameter):
            URL.frame(transaction, service: service, parameter: parameter)
        case .search(let transaction, let fields): FND.frame(transaction, fields)
        case .sendMail(let transaction, let recipient, let rest):
            SND.frame(transaction, recipient: recipient, rest)
        case .inviteByMail(let transaction, let invitation): SDC.frame(transaction, invitation)
        case .page(let transaction, let handle, let payload): PAG.frame(transaction, handle: handle, payload)
        }
    }
}
