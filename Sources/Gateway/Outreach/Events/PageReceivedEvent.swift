/// `page.received`: somebody has written from a mobile device.
struct PageReceivedEvent: EventKind {
    static let name = "page.received"

    /// Absent for a device whose owner the server does not name.
    let from: String?
    let text: String

    func writeMembers(to json: inout JSONWriter) {
        json.member("from", from)
        json.member("text", text)
    }
}
