/// `session.state`: the session moved on.
struct SessionStateEvent: EventKind {
    static let name = "session.state"

    let state: String
    /// Of `reconnecting` and `ended`.
    let reason: SessionReason?
    /// Of `reconnecting`, unless the server has sent the session to another.
    let retryAt: Timestamp?

    func writeMembers(to json: inout JSONWriter) {
        json.member("reason", reason)
        json.member("retryAt", retryAt)
        json.member("state", state)
    }
}
