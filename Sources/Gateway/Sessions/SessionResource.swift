/// A session as the API shows it.
struct SessionResource: JSONObject, Sendable, Equatable {
    var id: String
    var account: String
    var displayName: String
    /// Absent when the server did not say.
    var verified: Bool?
    var state: String
    var reason: SessionReason?
    var retryAt: Timestamp?
    var status: String
    var backend: String
    /// Absent until it is agreed on.
    var `protocol`: String?
    var createdAt: Timestamp
    /// Absent until something was received.
    var lastReceivedAt: Timestamp?
    var cursor: String

    func writeMembers(to json: inout JSONWriter) {
        json.member("account", account)
        json.member("backend", backend)
        json.member("createdAt", createdAt)
        json.member("cursor", cursor)
        json.member("displayName", displayName)
        json.member("id", id)
        json.member("lastReceivedAt", lastReceivedAt)
        json.member("protocol", `protocol`)
        json.member("reason", reason)
        json.member("retryAt", retryAt)
        json.member("state", state)
        json.member("status", status)
        json.member("verified", verified)
    }
}
