import ByteText

/// What the server has said of the account's own settings.
///
/// A request for what is in force already changes nothing, and some servers answer it with 218 and close the
/// connection.
struct SettingsInForce: Equatable, Sendable {
    private var presence: Presence?
    private var name: String?
    private var privacy: PrivacyMode?
    private var addPrompt: AddPrompt?
    /// Those that are set.
    ///
    /// Where one is missing, nobody knows whether it is empty or the server has not sent it.
    private var phones: [PhoneProperty: String] = [:]

    /// Records what the server says to the account with that handle.
    mutating func note(_ command: ServerCommand, own handle: String) {
        switch command {
        case .ownPresence(_, let value): presence = value
        case .signedIn(_, _, let value, _): name = value
        case .renamed(_, _, let member) where Handle.fold(member.handle) == Handle.fold(handle):
            name = member.name
        case .privacy(_, _, let value): privacy = value
        case .addPrompt(_, _, let value): addPrompt = value
        case .ownPhone(_, _, let property, let value): phones[property] = value
        default: break
        }
    }

    /// The server says that what a request asks for is in force already (docs/protocol.md#errors, class S).
    mutating func noteSettled(_ request: SessionRequest) {
        switch request {
        case .setPresence(let value): presence = value
        case .setPrivacy(let value): privacy = value
        case .setAddPrompt(let value): addPrompt = value
        default: break
        }
    }

    /// The outcome of a request is not known.
    mutating func forget(_ request: SessionRequest) {
        switch request {
        case .setPresence: presence = nil
        case .rename: name = nil
        case .setPrivacy: privacy = nil
        case .setAddPrompt: addPrompt = nil
        case .setPhone(let edit): phones[edit.property] = nil
        default: break
        }
    }

    /// The status belongs to one connection; the rest belongs to the account.
    mutating func beginConnection() { presence = nil }

    /// The answer to a request for what is in force; nil where it has to be asked for.
    func reply(to request: SessionRequest) -> RequestReply? {
        switch request {
        case .setPresence(let wanted): return presence == wanted ? .presence(wanted) : nil
        case .rename(let wanted):
            guard let name, ASCII.equals(name, wanted.text) else { return nil }
            return .renamed(DisplayText.sanitized(name))
        case .setPrivacy(let wanted): return privacy == wanted ? .edited(name: nil) : nil
        case .setAddPrompt(let wanted): return addPrompt == wanted ? .edited(name: nil) : nil
        case .setPhone(let edit):
            guard let wanted = edit.value, let value = phones[edit.property], ASCII.equals(value, wanted) else {
                return nil
            }
            return .phone(edit.property, value)
        default: return nil
        }
    }
}
