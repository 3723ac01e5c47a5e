/// Names a message that a session sends; the caller chooses it and never uses it again.
package struct OutgoingMessageID: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}
