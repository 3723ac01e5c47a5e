/// What a client says to a dispatch or notification server, with names and phone numbers percent-decoded.
package enum ClientCommand: Equatable, Sendable {
    /// `VER 1 MSNP6 MSNP5 MSNP4 CVR0`
    case dialects(TransactionID, [String])
    /// `INF 2`
    case securityPackages(TransactionID)
    /// `USR 3 MD5 I alice@example.com`
    case nameAccount(TransactionID, package: String, handle: String)
    /// `USR 7 MD5 S ca119f98ef5b826b095287c249ca8e87`
    case answerSignIn(TransactionID, package: String, hash: Redacted<String>)
    /// `XFR 20 SB`
    case requestTransfer(TransactionID, kind: String)
    /// `CVR 7 0x0409 win 4.10 i386 MSMSGS 3.6.0038 MSMSGS`
    case clientVersion(TransactionID, [String])
    /// `CVQ 2 0x0409 win 4.10 i386 MSMSGS 3.6.0038`
    case clientVersionQuery(TransactionID, [String])
    /// `OUT`
    case signOut
    /// `SYN 8 5`
    case synchronize(TransactionID, version: UInt32)
    /// `LST 9 FL`
    case requestList(TransactionID, ListName)
    /// `GTC 11 A`
    case setAddPrompt(TransactionID, AddPrompt)
    /// `BLP 11 BL`
    case setPrivacy(TransactionID, PrivacyMode)
    /// `PRP 21 PHM 555`; no value clears. The key is as sent: servers answer unknown ones.
    case setPhone(TransactionID, key: String, String?)
    /// `ADD 13 AL dave@example.com Dave`
    case add(TransactionID, ListName, ListMember)
    /// `REM 17 FL dave@example.com`
    case remove(TransactionID, ListName, handle: String)
    /// `REA 19 alice@example.com Alice`
    case rename(TransactionID, ListMember)
    /// `CHG 9 NLN`
    case setPresence(TransactionID, Presence)
    /// `PNG`
    case ping
    /// `CHL 12`: asks for a challenge.
    case requestChallenge(TransactionID)
    /// `QRY 10 msmsgs@msnmsgr.com 32` and the answer as payload.
    case answerChallenge(TransactionID, clientID: String, answer: Redacted<[UInt8]>)
    /// `URL 24 PROFILE 0x0409`
    case requestService(TransactionID, service: String, parameter: String?)
}

extension ClientCommand {
    /// The command's name, which is safe to log.
    package var command: String { frame.command }
}
