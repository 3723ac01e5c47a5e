/// What a `ConversationRequest` brought.
package struct ConversationReply: Equatable, Sendable {
    package let conversation: ConversationID
    /// Whether the request created the conversation, or brought the person in, rather than found it so.
    package let isNew: Bool
    /// The people asked for who did not come, in the order in which that became known.
    package let absent: [Absence]

    package init(conversation: ConversationID, isNew: Bool, absent: [Absence] = []) {
        self.conversation = conversation
        self.isNew = isNew
        self.absent = absent
    }
}
