/// A conversation as the API shows it.
struct ConversationResource: Encodable, Sendable, Equatable {
    /// Somebody else in it.
    struct Participant: Encodable, Sendable, Equatable {
        let account: String
        let displayName: String
    }

    /// Somebody who was asked for and did not come.
    struct Absent: Encodable, Sendable, Equatable {
        let account: String
        let reason: MessageReason
    }

    let id: String
    let participants: [Participant]
    let group: Bool
    let createdAt: Timestamp
    /// Absent until something was said.
    let lastMessageAt: Timestamp?
    /// Only where people were brought together, and not all of them came.
    var absent: [Absent]?
}
