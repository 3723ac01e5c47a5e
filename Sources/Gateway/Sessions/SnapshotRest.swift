/// Everything that is known of a session at one instant: what a reader begins with, and comes back to after a gap.
struct SnapshotResource: JSONObject, Sendable {
    let cursor: String
    let session: SessionResource
    let contacts: [ContactResource]
    let privacy: PrivacyResource
    /// Absent in dialects that have none.
    let phones: PhonesResource?
    /// Absent until the server has told.
    let mail: MailCountsResource?
    /// The last active first.
    let conversations: [ConversationResource]

    func writeMembers(to json: inout JSONWriter) {
        json.member("contacts", contacts)
        json.member("conversations", conversations)
        json.member("cursor", cursor)
        json.member("mail", mail)
        json.member("phones", phones)
        json.member("privacy", privacy)
        json.member("session", session)
    }
}
