/// What a dispatch or notification server says, with names and phone numbers already percent-decoded.
///
/// What a switchboard says is `SwitchboardServerCommand`.
package enum ServerCommand: Equatable, Sendable {
    /// `VER 1 MSNP6`, or a list of dialects, or `VER 1 0`.
    case dialects(TransactionID, [String])
    /// `INF 2 MD5`
    case securityPackages(TransactionID, [String])
    /// `USR 6 MD5 S 1013928519.693957190`
    case signInChallenge(TransactionID, package: String, challenge: String)
    /// `USR 7 OK alice@example.com Alice%20A. 1`; no verified bit means unknown (protocol.md 2.5).
    case signedIn(TransactionID, handle: String, name: String, verified: Bool?)
    /// `XFR 3 NS 10.0.0.5:1863 0`
    case referral(TransactionID, Referral)
    /// `CVR 7 4.6.0083 4.6.0083 1.0.0000 http://… http://…`, or the same with `CVQ`: recommended, again, minimum, URLs.
    case clientVersion(TransactionID, [String])
    /// `OUT OTH`
    case signedOut(SignOutReason)
    /// `SYN 8 9`
    case synchronization(TransactionID, version: UInt32)
    /// `LST 8 FL 9 1 2 bob@example.com Bob%20B.`
    case list(TransactionID, ListEntry)
    /// `GTC 8 9 A`; no list version in this and the next six from servers that leave it out (protocol.md 21.1).
    case addPrompt(TransactionID, version: UInt32?, AddPrompt)
    /// `BLP 8 9 AL`
    case privacy(TransactionID, version: UInt32?, PrivacyMode)
    /// `PRP 8 9 PHH 555`, or without the transaction ID inside some servers' `SYN` (protocol.md 5.3).
    ///
    /// A number that stands alone counts as the version; only who asked can tell that it is the transaction.
    case ownPhone(TransactionID?, version: UInt32?, PhoneProperty, String?)
    /// `BPR 9 bob@example.com PHH 555`, or without the handle after a list line (protocol.md 5.3).
    case contactPhone(version: UInt32?, handle: String?, PhoneProperty, String?)
    /// `ADD 0 RL 10 frank@example.com Frank`
    case added(TransactionID, ListName, version: UInt32?, ListMember)
    /// `REM 0 RL 16 bob@example.com`; the handle is empty in an answer that leaves it out.
    case removed(TransactionID, ListName, version: UInt32?, handle: String)
    /// `REA 19 17 alice@example.com Alice`
    case renamed(TransactionID, version: UInt32?, ListMember)
    /// `CHG 9 NLN`; ID 0 when the server changed it.
    case ownPresence(TransactionID, Presence)
    /// `ILN 9 AWY bob@example.com Bob%20B.`
    case initialPresence(TransactionID, Presence, ListMember)
    /// `NLN BSY bob@example.com Bob`
    case presence(Presence, ListMember)
    /// `FLN carol@example.com`
    case offline(handle: String)
    /// `QNG`
    case pong
    /// `CHL 0 11111111111111111111`; some servers leave out the ID.
    case challenge(TransactionID?, String)
    /// `QRY 10`
    case challengeAccepted(TransactionID)
    /// `URL 23 /cgi-bin/compose https://… 2`
    case service(TransactionID, ServiceReply)
    /// `MSG Hotmail Hotmail 90` and its payload.
    case message(from: ListMember, Redacted<[UInt8]>)
    /// `NOT 355` and its payload.
    case alert(Redacted<[UInt8]>)
    /// `IPG 444` and its payload.
    case page(Redacted<[UInt8]>)
    /// `RNG 11752099 10.0.1.200:1863 CKI 849102291.520491113 bob@example.com Bob%20B.`
    case ring(Ring)
    /// `FND 25 1 2 fname=Another lname=User country=US`, or `FND 26 0 0`: nobody.
    case found(TransactionID, index: UInt32, count: UInt32, DirectoryEntry?)
    /// `SND 24 OK`
    case mailSent(TransactionID)
    /// `SDC 27 OK`
    case invitationSent(TransactionID)
    /// `911 4`, `540`, `540 7 some text`
    case error(ErrorCode, TransactionID?)
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
}
