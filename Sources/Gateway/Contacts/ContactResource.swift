import MSNP

/// A contact as the API shows it.
struct ContactResource: JSONObject, Sendable, Equatable {
    let account: String
    let displayName: String
    let status: String
    let membership: ListMembership
    let blocked: Bool
    let pending: Bool
    /// Absent in dialects that have none.
    let phones: PhonesResource?

    init(_ contact: Contact, hasPhones: Bool) {
        account = contact.account
        // Some servers send no name for some contacts; people need something to see.
        displayName = contact.displayName.isEmpty ? contact.account : contact.displayName
        status = contact.presence.name
        membership = contact.lists
        blocked = contact.isBlocked
        pending = contact.isPending
        phones = hasPhones ? PhonesResource(contact.phones) : nil
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("account", account)
        json.member("blocked", blocked)
        json.member("displayName", displayName)
        json.member("lists") { json in
            json.list { json in
                for name in ListName.allCases where membership.contains(ListMembership(name)) { json.item(name.word) }
            }
        }
        json.member("pending", pending)
        json.member("phones", phones)
        json.member("status", status)
    }
}

extension ListName {
    /// The API's word for it.
    var word: String {
        switch self {
        case .forward: "forward"
        case .allow: "allow"
        case .block: "block"
        case .reverse: "reverse"
        }
    }
}
