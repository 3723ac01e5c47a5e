/// `session.updated`: what changed of the session, or was learned together.
struct SessionUpdatedEvent: EventKind {
    static let name = "session.updated"

    var displayName: String?
    var verified: Bool?
    var profile: ProfileResource?

    func writeMembers(to json: inout JSONWriter) {
        json.member("displayName", displayName)
        json.member("profile", profile)
        json.member("verified", verified)
    }
}
