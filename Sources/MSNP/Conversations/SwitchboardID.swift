/// Names a switchboard connection of one session; made up by its `ConversationFlow` and never used again.
package struct SwitchboardID: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}
