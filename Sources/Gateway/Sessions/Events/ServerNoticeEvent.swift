/// `server.notice`: the server has something to say to everybody.
struct ServerNoticeEvent: EventKind {
    static let name = "server.notice"

    let kind: String
    /// Until the maintenance begins.
    let minutes: Int?

    func writeMembers(to json: inout JSONWriter) {
        json.member("kind", kind)
        json.member("minutes", minutes)
    }
}
