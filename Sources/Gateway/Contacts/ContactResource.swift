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
        displayName = contact.shownName
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

extension Contact {
    /// The name, or the account: some servers send no name for some contacts, and people need something to see.
    var shownName: String { displayName.isEmpty ? account : displayName }
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

/// Phone numbers as the API shows them; what is not set is left out.
struct PhonesResource: JSONObject, Sendable, Equatable {
    let home: String?
    let work: String?
    let mobile: String?
    let mobileMessaging: Bool?

    init(_ phones: ContactPhones) {
        home = phones.home
        work = phones.work
        mobile = phones.mobile
        mobileMessaging = phones.mobileMessaging
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("home", home)
        json.member("mobile", mobile)
        json.member("mobileMessaging", mobileMessaging)
        json.member("work", work)
    }
}

/// Somebody whom the directory has; nobody's account is told (docs/protocol.md#directory).
struct PersonResource: JSONObject, Sendable, Equatable {
    let firstName: String?
    let lastName: String?
    let city: String?
    let state: String?
    let country: String?

    init(_ entry: DirectoryEntry) {
        firstName = entry.firstName.map(DisplayText.sanitized)
        lastName = entry.lastName.map(DisplayText.sanitized)
        city = entry.city.map(DisplayText.sanitized)
        state = entry.state.map(DisplayText.sanitized)
        country = entry.country.map(DisplayText.sanitized)
    }

    func writeMembers(to json: inout JSONWriter) {
        json.member("city", city)
        json.member("country", country)
        json.member("firstName", firstName)
        json.member("lastName", lastName)
        json.member("state", state)
    }
}
