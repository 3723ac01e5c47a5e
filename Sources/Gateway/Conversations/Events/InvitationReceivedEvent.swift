/// `invitation.received`: somebody offers a file, a call or a game.
struct InvitationReceivedEvent: EventKind {
    static let name = "invitation.received"

    let conversationId: String
    let from: String
    let application: String?
    let fileName: String?
    /// Bytes.
    let fileSize: UInt64?
    /// What the gateway has answered.
    let answer: String

    func writeMembers(to json: inout JSONWriter) {
        json.member("answer", answer)
        json.member("application", application)
        json.member("conversationId", conversationId)
        json.member("fileName", fileName)
        json.member("fileSize", fileSize)
        json.member("from", from)
    }
}
