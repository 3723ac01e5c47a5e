/// A text that may be sent to people, its line ends as LF (docs/protocol.md#text).
package struct MessageText: Equatable, Sendable {
    package let text: String

    /// Accepts what is not empty, has no control character but tab and line ends (LF or CRLF), and fits
    /// `WireLimits.messageText`; throws otherwise.
    package init(validating text: String) throws(MessageTextError) {
        guard !text.isEmpty else { throw .empty }
        guard text.utf8.count <= WireLimits.messageText else { throw .tooLong }
        var followsReturn = false
        for scalar in text.unicodeScalars {
            guard !followsReturn || scalar == "\n" else { throw .controlCharacter }
            followsReturn = scalar == "\r"
            guard followsReturn || !LineEnds.isControl(scalar) else { throw .controlCharacter }
        }
        guard !followsReturn else { throw .controlCharacter }
        self.text = LineEnds.normalized(text)
    }
}

extension MessageText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The size alone: what people write belongs in no log.
    package var description: String { "MessageText (\(text.utf8.count) bytes)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
