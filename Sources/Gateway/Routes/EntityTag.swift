import Digests
import HTTPFront

/// `ETag`, `If-None-Match` and `If-Match` (RFC 9110, 8.8.3, 13.1.1 and 13.1.2).
enum EntityTag {
    /// A tag that says what the bytes are: the same bytes have the same tag in every process.
    static func of(_ body: [UInt8]) -> String {
        "\"" + Base64URL.encode(SHA256.digest(of: body).prefix(12)) + "\""
    }

    /// Whether a reader that sent this `If-None-Match` has those bytes; compares weakly.
    static func isKnown(_ tag: String, to header: String?) -> Bool {
        guard let header else { return false }
        return list(header)?.contains { $0 == "*" || opaque($0) == opaque(tag) } ?? false
    }

    /// Whether this `If-Match` names those bytes; compares strongly, so that a weak tag never matches.
    static func isMatched(_ tag: String, by header: String) -> Bool {
        list(header)?.contains { $0 == "*" || $0 == tag && !tag.hasPrefix("W/") } ?? false
    }

    /// The tags of a list, or `*` alone; nil for what is neither, which names nothing.
    ///
    /// Taken apart at the quotes: a tag may have commas and spaces in it.
    static func list(_ header: String) -> [String]? {
        var rest = header.utf8[...]
        func skip(_ isSkipped: (UInt8) -> Bool) { rest = rest.drop(while: isSkipped) }
        func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        var tags: [String] = []
        skip { isSpace($0) || $0 == UInt8(ascii: ",") }
        while let first = rest.first {
            let start = rest.startIndex
            if first == UInt8(ascii: "*") {
                rest = rest.dropFirst()
            } else {
                if rest.starts(with: "W/".utf8) { rest = rest.dropFirst(2) }
                guard rest.first == UInt8(ascii: "\"") else { return nil }
                rest = rest.dropFirst().drop { $0 != UInt8(ascii: "\"") }
                guard !rest.isEmpty else { return nil }
                rest = rest.dropFirst()
            }
            tags.append(String(decoding: header.utf8[start..<rest.startIndex], as: UTF8.self))
            skip(isSpace)
            guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { return nil }
            skip { isSpace($0) || $0 == UInt8(ascii: ",") }
        }
        // Among others it is no tag.
        return tags.contains("*") && tags.count > 1 ? nil : tags
    }

    private static func opaque(_ tag: String) -> Substring { tag.hasPrefix("W/") ? tag.dropFirst(2) : tag[...] }
}
