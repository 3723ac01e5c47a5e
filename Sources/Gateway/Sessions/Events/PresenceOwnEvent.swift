/// `presence.own`: the own status is another one.
struct PresenceOwnEvent: EventKind {
    static let name = "presence.own"

    let status: String
    /// Nobody has asked for it.
    let forced: Bool

    func writeMembers(to json: inout JSONWriter) {
        json.member("forced", forced)
        json.member("status", status)
    }
}
