/// `message.failed`: a message has not arrived, or not all of it.
struct MessageFailedEvent: EventKind {
    static let name = "message.failed"

    let progress: MessageProgress

    func writeMembers(to json: inout JSONWriter) {
        progress.write(to: &json, partial: progress.message.partial, reason: progress.message.reason)
    }
}
