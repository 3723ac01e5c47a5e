import ByteText

/// The payload of a chat message: text and how it is to look (docs/protocol.md#text).
///
///     C: MSG 4 A 134
package struct ChatText: Equatable, Sendable {
    /// Line ends are LF; on the wire they are CRLF.
    package let text: String
    /// How the sender wants it to look; nil where that is not said.
    package let format: TextFormat?
    /// The character set that the sender named, where it is not known here; `text` has its ASCII alone then.
    package let unknownCharset: String?
    /// Whether it is only the beginning of a longer text, the rest of which never came.
    package let isIncomplete: Bool

    package init(_ text: String, format: TextFormat? = nil) {
        self.text = LineEnds.normalized(text)
        self.format = format
        unknownCharset = nil
        isIncomplete = false
    }

    /// Reads a payload; nil unless it is plain text.
    ///
    /// Without a character set it is UTF-8 where it can be, else Windows-1252 (docs/protocol.md#charsets); of one that
    /// is not known here what is ASCII is kept; and control characters become U+FFFD: no text fails.
    package init?(_ payload: MIMEPayload) {
        guard payload.contentType == "text/plain" else { return nil }
        let name = payload.contentParameter("charset")
        let charset = name.map { Charset(named: $0) } ?? .unnamed
        unknownCharset = name.flatMap { charset.isKnown ? nil : Self.shown($0) }
        text = LineEnds.sanitized(charset.decode(payload.body))
        isIncomplete = payload.isIncomplete
        format = payload.text("X-MMS-IM-Format").map(TextFormat.init(parsing:))
    }

    /// Characters that are told of an unknown name.
    private static let longestCharset = 40

    private static func shown(_ name: String) -> String {
        DisplayText.sanitized(String(String.UnicodeScalarView(name.unicodeScalars.prefix(longestCharset))))
    }

    /// The bytes to send, `MIME-Version` first and `Content-Type` second, as servers and clients expect.
    package var payload: [UInt8] { Self.header(format) + LineEnds.wire(text) }

    /// The headers.
    static func header(_ format: TextFormat?) -> [UInt8] {
        var header = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n"
        if let format { header += "X-MMS-IM-Format: \(format.headerValue)\r\n" }
        return Array((header + "\r\n").utf8)
    }
}

extension ChatText: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The size alone: what people write belongs in no log.
    package var description: String { "ChatText (\(text.utf8.count) bytes)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
