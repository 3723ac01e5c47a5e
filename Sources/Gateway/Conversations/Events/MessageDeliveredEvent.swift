/// `message.delivered`: a message has arrived.
struct MessageDeliveredEvent: EventKind {
    static let name = "message.delivered"

    let progress: MessageProgress

    func writeMembers(to json: inout JSONWriter) { progress.write(to: &json) }
}
