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

/// Why a text can't be sent.
package enum MessageTextError: Error, Equatable, Sendable {
    case empty
    /// More than `WireLimits.messageText` bytes.
    case tooLong
    /// A control character other than tab, LF and CRLF; a CR alone is one.
    case controlCharacter
}

/// Cuts a long text into messages that every switchboard takes (docs/protocol.md#text).
package enum TextSplitter {
    /// The messages, in order; each payload is at most `WireLimits.messagePayload` bytes, headers included.
    ///
    /// Cuts are between grapheme clusters, so that no character breaks; a cluster that fits no message is cut between
    /// its scalars. A line end counts as the two bytes that it has on the wire and is never cut. The parts joined are
    /// the text.
    package static func split(_ text: MessageText, format: TextFormat? = nil) -> [ChatText] {
        let room = WireLimits.messagePayload - ChatText.header(format).count
        var parts: [ChatText] = []
        var part = String.UnicodeScalarView()
        var size = 0

        func add(_ scalars: some Sequence<Unicode.Scalar>, _ length: Int) {
            if size + length > room {
                parts.append(ChatText(String(part), format: format))
                part = String.UnicodeScalarView()
                size = 0
            }
            part.append(contentsOf: scalars)
            size += length
        }

        for cluster in text.text {
            let scalars = cluster.unicodeScalars
            let length = scalars.reduce(0) { $0 + wireLength($1) }
            if length <= room {
                add(scalars, length)
            } else {
                for scalar in scalars { add(CollectionOfOne(scalar), wireLength(scalar)) }
            }
        }
        parts.append(ChatText(String(part), format: format))
        return parts
    }

    private static func wireLength(_ scalar: Unicode.Scalar) -> Int { scalar == "\n" ? 2 : UTF8.width(scalar) }
}
