import ByteText
import Encodings

/// A path taken apart: split first, then percent-decoded once, so that an escaped slash is not a separator.
enum PathSegments {
    /// Nil for a path that can't name anything here: escapes that are none, invalid UTF-8.
    static func split(_ path: String) -> [ByteText]? {
        guard path.utf8.first == UInt8(ascii: "/") else { return nil }
        var segments: [ByteText] = []
        for raw in path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let decoded = decode(raw) else { return nil }
            segments.append(ByteText(decoded))
        }
        return segments
    }

    /// A piece of a path or a query without its escapes; nil where one is none, or what they make is not UTF-8.
    static func decode(_ text: Substring.UTF8View) -> String? {
        PercentEscapes.decode(text).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// A text as one segment: what RFC 3986, 3.3 lets stand there stays, everything else is escaped.
    static func encode(_ text: String) -> String { PercentEscapes.encode(text) { !plain.contains($0) } }

    private static let plain = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=:@".utf8)
}
