import MSNP

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
