/// A conversation as the API shows it.
struct ConversationResource: Encodable, Sendable, Equatable {
    /// Somebody else in it.
    struct Participant: Encodable, Sendable, Equatable {
        let account: String
        let displayName: String
    }

    let id: String
    let participants: [Participant]
    let group: Bool
    let createdAt: Timestamp
    /// Absent until something was said.
    let lastMessageAt: Timestamp?
}
