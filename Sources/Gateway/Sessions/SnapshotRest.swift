/// Everything that is known of a session at one instant but its contacts, which are encoded on their own.
///
/// With them it is the snapshot: what a reader begins with, and comes back to after a gap.
struct SnapshotRest: JSONObject, Sendable {
    let cursor: String
    let session: SessionResource
    let privacy: PrivacyResource
    /// Absent in dialects that have none.
    let phones: PhonesResource?
    /// Absent until the server has told.
    let mail: MailCountsResource?
    /// The last active first.
    let conversations: [ConversationResource]

    init(_ record: SessionRecord, _ session: SessionResource) {
        cursor = session.cursor
        self.session = session
        privacy = PrivacyResource(record.roster)
        phones = record.phones
        mail = record.mailbox.counts.map(MailCountsResource.init)
        conversations = record.conversationResources
    }

    /// Writes the members, all of which come after `contacts`.
    func writeMembers(to json: inout JSONWriter) {
        json.member("conversations", conversations)
        json.member("cursor", cursor)
        json.member("mail", mail)
        json.member("phones", phones)
        json.member("privacy", privacy)
        json.member("session", session)
    }
}
