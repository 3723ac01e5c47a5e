import ByteText
import Encodings

/// A path taken apart: split first, then percent-decoded once, so that an escaped slash is not a separator.
enum PathSegments {
    /// Segments of an API path at most; there is room for so many at once.
    private static let usual = 8

    /// Nil for a path that can't name anything here: escapes that are none, invalid UTF-8.
    static func split(_ path: String) -> [Substring]? {
        guard path.utf8.first == UInt8(ascii: "/") else { return nil }
        var segments: [Substring] = []
        segments.reserveCapacity(usual)
        var rest = path.utf8.dropFirst()
        while true {
            let raw = rest.prefix { $0 != UInt8(ascii: "/") }
            if raw.contains(UInt8(ascii: "%")) {
                guard let decoded = decode(raw) else { return nil }
                segments.append(decoded[...])
            } else {
                segments.append(Substring(raw))
            }
            guard raw.endIndex < rest.endIndex else { return segments }
            rest = rest[rest.index(after: raw.endIndex)...]
        }
    }

    /// A piece of a path or a query without its escapes; nil where one is none, or what they make is not UTF-8.
    static func decode(_ text: Substring.UTF8View) -> String? {
        // Most have no escape, and are text already.
        guard text.contains(UInt8(ascii: "%")) else { return String(Substring(text)) }
        return PercentEscapes.decode(text).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// A text as one segment: what RFC 3986, 3.3 lets stand there stays, everything else is escaped.
    static func encode(_ text: String) -> String { PercentEscapes.encode(text) { !plain.contains($0) } }

    private static let plain = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@".utf8)
}
