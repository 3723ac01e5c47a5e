/// `message.unconfirmed`: nobody has said whether a message arrived.
struct MessageUnconfirmedEvent: EventKind {
    static let name = "message.unconfirmed"

    let progress: MessageProgress

    func writeMembers(to json: inout JSONWriter) { progress.write(to: &json) }
}
