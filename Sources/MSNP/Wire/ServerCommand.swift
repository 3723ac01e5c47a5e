/// What a dispatch or notification server says, with names and phone numbers already percent-decoded.
///
/// How each command looks on the wire is in `Wire/Commands`. What a switchboard says is `SwitchboardServerCommand`.
package enum ServerCommand: Equatable, Sendable {
    /// `VER`: the dialect that was chosen, or a list of dialects, or `0`.
    case dialects(TransactionID, [String])
    /// `INF`: the ways to sign in.
    case securityPackages(TransactionID, [String])
    /// `USR … S`
    case signInChallenge(TransactionID, package: String, challenge: String)
    /// `USR … OK`; no verified bit means unknown (docs/protocol.md#verified).
    case signedIn(TransactionID, handle: String, name: String, verified: Bool?)
    /// `XFR`
    case referral(TransactionID, Referral)
    /// `CVR` or `CVQ`: the version that is recommended, again, the lowest that is accepted, URLs.
    case clientVersion(TransactionID, [String])
    /// `OUT`
    case signedOut(SignOutReason)
    /// `SYN`
    case synchronization(TransactionID, version: UInt32)
    /// `LST`
    case list(TransactionID, ListEntry)
    /// `GTC`; no list version in this and the next six from servers that leave it out (docs/protocol.md#list-version).
    case addPrompt(TransactionID, version: UInt32?, AddPrompt)
    /// `BLP`
    case privacy(TransactionID, version: UInt32?, PrivacyMode)
    /// `PRP`; inside some servers' `SYN` without the transaction ID (docs/protocol.md#synchronization).
    ///
    /// A number that stands alone counts as the version; only who asked can tell that it is the transaction.
    case ownPhone(TransactionID?, version: UInt32?, PhoneProperty, String?)
    /// `BPR`; behind a list line perhaps without the handle (docs/protocol.md#synchronization).
    case contactPhone(version: UInt32?, handle: String?, PhoneProperty, String?)
    /// `ADD`
    case added(TransactionID, ListName, version: UInt32?, ListMember)
    /// `REM`; the handle is empty in an answer that leaves it out.
    case removed(TransactionID, ListName, version: UInt32?, handle: String)
    /// `REA`
    case renamed(TransactionID, version: UInt32?, ListMember)
    /// `CHG`; ID 0 when the server changed it.
    case ownPresence(TransactionID, Presence)
    /// `ILN`
    case initialPresence(TransactionID, Presence, ListMember)
    /// `NLN`
    case presence(Presence, ListMember)
    /// `FLN`
    case offline(handle: String)
    /// `QNG`
    case pong
    /// `CHL`; some servers leave out the ID.
    case challenge(TransactionID?, String)
    /// `QRY`
    case challengeAccepted(TransactionID)
    /// `URL`
    case service(TransactionID, ServiceReply)
    /// `MSG` and its payload.
    case message(from: ListMember, Redacted<[UInt8]>)
    /// `NOT` and its payload.
    case alert(Redacted<[UInt8]>)
    /// `IPG` and its payload.
    case page(Redacted<[UInt8]>)
    /// `RNG`
    case ring(Ring)
    /// `FND`; nil for nobody.
    case found(TransactionID, index: UInt32, count: UInt32, DirectoryEntry?)
    /// `SND`
    case mailSent(TransactionID)
    /// `SDC`
    case invitationSent(TransactionID)
    /// Three digits.
    case error(ErrorCode, TransactionID?)
}

extension ServerCommand {
    /// Its commands; a new one is added here.
    static let table = CommandTable<ServerCommand>(
        [
            VER.self, INF.self, USR.self, XFR.self, CVR.self, CVQ.self, OUT.self, SYN.self, LST.self, GTC.self,
            BLP.self, PRP.self, BPR.self, ADD.self, REM.self, REA.self, CHG.self, ILN.self, NLN.self, FLN.self,
            QNG.self, CHL.self, QRY.self, URL.self, MSG.self, NOT.self, IPG.self, RNG.self, FND.self, SND.self,
            SDC.self,
        ], unread: [IMS.self], error: ServerCommand.error)

    /// Reads what a server sent, as leniently as docs/protocol.md#lines, #transaction-ids and #servers-differ ask.
    ///
    /// Throws `ParseError`, which is a reason to ignore the frame and never to close the connection.
    package init(parsing frame: Frame) throws(ParseError) {
        self = try Self.table.parse(frame)
    }

    /// The frame that says this on the wire, as the documents write it.
    package var frame: Frame {
        switch self {
        case .dialects(let transaction, let names): VER.frame(transaction, names)
        case .securityPackages(let transaction, let names): INF.frame(transaction, names)
        case .signInChallenge(let transaction, let package, let challenge):
            USR.frame(transaction, package: package, challenge: challenge)
        case .signedIn(let transaction, let handle, let name, let verified):
            USR.frame(transaction, ListMember(handle: handle, name: name), verified: verified)
        case .referral(let transaction, let referral): XFR.frame(transaction, referral)
        case .clientVersion(let transaction, let values): CVR.frame(transaction, values)
        case .signedOut(let reason): OUT.frame(reason)
        case .synchronization(let transaction, let version): SYN.frame(transaction, version: version)
        case .list(let transaction, let entry): LST.frame(transaction, entry)
        case .addPrompt(let transaction, let version, let value): GTC.frame(transaction, version: version, value)
        case .privacy(let transaction, let version, let value): BLP.frame(transaction, version: version, value)
        case .ownPhone(let transaction, let version, let property, let value):
            PRP.frame(transaction, version: version, property, value)
        case .contactPhone(let version, let handle, let property, let value):
            BPR.frame(version: version, handle: handle, property, value)
        case .added(let transaction, let list, let version, let member):
            ADD.frame(transaction, list, version: version, member)
        case .removed(let transaction, let list, let version, let handle):
            REM.frame(transaction, list, version: version, handle: handle)
        case .renamed(let transaction, let version, let member): REA.frame(transaction, version: version, member)
        case .ownPresence(let transaction, let presence): CHG.frame(transaction, presence)
        case .initialPresence(let transaction, let presence, let member): ILN.frame(transaction, presence, member)
        case .presence(let presence, let member): NLN.frame(presence, member)
        case .offline(let handle): FLN.frame(handle: handle)
        case .pong: QNG.frame()
        case .challenge(let transaction, let challenge): CHL.frame(transaction, challenge)
        case .challengeAccepted(let transaction): QRY.frame(transaction)
        case .service(let transaction, let reply): URL.frame(transaction, reply)
        case .message(let sender, let payload): MSG.frame(from: sender, payload)
        case .alert(let payload): NOT.frame(payload)
        case .page(let payload): IPG.frame(payload)
        case .ring(let ring): RNG.frame(ring)
        case .found(let transaction, let index, let count, let entry):
            FND.frame(transaction, index: index, count: count, entry)
        case .mailSent(let transaction): SND.frame(transaction)
        case .invitationSent(let transaction): SDC.frame(transaction)
        case .error(let code, let transaction): ErrorForm.frame(code, transaction)
        }
    }
}

extension ServerCommand {
    /// The transaction that this command answers; nil for commands without one and for unsolicited ones.
    package var answeredTransaction: TransactionID? {
        let transaction: TransactionID? =
            switch self {
            case .dialects(let transaction, _), .securityPackages(let transaction, _),
                .signInChallenge(let transaction, _, _), .signedIn(let transaction, _, _, _),
                .referral(let transaction, _), .clientVersion(let transaction, _),
                .synchronization(let transaction, _), .list(let transaction, _),
                .addPrompt(let transaction, _, _), .privacy(let transaction, _, _),
                .added(let transaction, _, _, _), .removed(let transaction, _, _, _),
                .renamed(let transaction, _, _), .ownPresence(let transaction, _),
                .initialPresence(let transaction, _, _), .challengeAccepted(let transaction),
                .service(let transaction, _), .found(let transaction, _, _, _), .mailSent(let transaction),
                .invitationSent(let transaction):
                transaction
            case .ownPhone(let transaction, _, _, _), .challenge(let transaction, _), .error(_, let transaction):
                transaction
            case .signedOut, .contactPhone, .presence, .offline, .pong, .message, .alert, .page, .ring:
                nil
            }
        return transaction == .unsolicited ? nil : transaction
    }

    /// The list version that a change carries (docs/protocol.md#list-version); nil for what changes no list and no
    /// setting, or leaves it out.
    package var listVersion: UInt32? {
        switch self {
        case .addPrompt(_, let version, _), .privacy(_, let version, _), .ownPhone(_, let version, _, _),
            .contactPhone(let version, _, _, _), .added(_, _, let version, _), .removed(_, _, let version, _),
            .renamed(_, let version, _):
            version
        case .dialects, .securityPackages, .signInChallenge, .signedIn, .referral, .clientVersion, .signedOut,
            .synchronization, .list, .ownPresence, .initialPresence, .presence, .offline, .pong, .challenge,
            .challengeAccepted, .service, .message, .alert, .page, .ring, .found, .mailSent,
            .invitationSent, .error:
            nil
        }
    }
}
