/// Names a message that a session sends; whoever asks for it makes it up and never uses it again.
package struct OutgoingMessageID: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}
