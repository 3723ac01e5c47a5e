/// `message.sent`: a message of the session is on its way.
struct MessageSentEvent: EventKind {
    static let name = "message.sent"

    let progress: MessageProgress

    func writeMembers(to json: inout JSONWriter) { progress.write(to: &json, format: progress.message.format) }
}
