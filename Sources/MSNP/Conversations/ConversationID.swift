/// Names a conversation of one session; its `ConversationFlow` chooses it and never uses it again.
package struct ConversationID: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}
