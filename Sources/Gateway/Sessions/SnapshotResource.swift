/// Everything that is known of a session at one instant: what a reader begins with, and comes back to after a gap.
struct SnapshotResource: Encodable, Sendable {
    let cursor: String
    let session: SessionResource
    let contacts: [ContactResource]
    let privacy: EventData.Privacy
    /// Absent in dialects that have none.
    let phones: PhonesResource?
    /// Absent until the server has told.
    let mail: EventData.MailCounts?
    /// The last active first.
    let conversations: [ConversationResource]
}
