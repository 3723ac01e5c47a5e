/// What a `ConversationRequest` brought.
package struct ConversationReply: Equatable, Sendable {
    package let conversation: ConversationID
    /// Whether the request has made it, or brought the person in, rather than found it so.
    package let isNew: Bool

    package init(conversation: ConversationID, isNew: Bool) {
        self.conversation = conversation
        self.isNew = isNew
    }
}
