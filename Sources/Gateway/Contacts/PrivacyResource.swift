import MSNP

/// What applies to people on no list, as the API shows it.
struct PrivacyResource: JSONObject, Sendable, Equatable {
    let unknownContacts: String
    let promptOnAdd: Bool

    init(_ roster: Roster) {
        unknownContacts = roster.privacy == .allow ? "allow" : "block"
        promptOnAdd = roster.addPrompt == .ask
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("promptOnAdd", promptOnAdd)
        json.member("unknownContacts", unknownContacts)
    }
}
