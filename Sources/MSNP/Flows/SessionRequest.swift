/// What can be asked of a session that is online.
package enum SessionRequest: Equatable, Sendable {
    /// `CHG`; answered when the server has echoed it. `offline` can't be set (protocol.md 7.1).
    case setPresence(Presence)
    /// `REA` of the own handle.
    case rename(DisplayName)
    /// `URL`; the parameter is one raw token.
    case service(String, parameter: String?)
    /// `ADD`; the name is the one that the list keeps.
    case add(Handle, to: OwnList, name: DisplayName)
    /// `REM`
    case remove(Handle, from: OwnList)
    /// `REA` of a contact: the name that our lists keep for it.
    case renameContact(Handle, DisplayName)
    /// `BLP`
    case setPrivacy(PrivacyMode)
    /// `GTC`
    case setAddPrompt(AddPrompt)
    /// `PRP`; MSNP5 and later.
    case setPhone(PhoneEdit)

    /// `XFR SB`: a switchboard to talk on (protocol.md 8.1).
    case transfer
    /// `FND`, `SDC`, `SND`, `PAG`
    case outreach(OutreachRequest)

    /// The request as a dialect has it; nil for one that is not agreed on yet.
    func spoken(in dialect: Dialect?) -> SessionRequest {
        guard let dialect, case .outreach(let request) = self else { return self }
        return .outreach(request.spoken(in: dialect))
    }

    /// The command that carries the request.
    package var command: String {
        switch self {
        case .setPresence: "CHG"
        case .rename, .renameContact: "REA"
        case .service: "URL"
        case .add: "ADD"
        case .remove: "REM"
        case .setPrivacy: "BLP"
        case .setAddPrompt: "GTC"
        case .setPhone: "PRP"
        case .transfer: "XFR"
        case .outreach(let request): request.command
        }
    }
}
