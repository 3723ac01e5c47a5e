import ByteText
import Digests
import Encodings
import HTTPFront

/// `ETag`, `If-None-Match` and `If-Match` (RFC 9110, 8.8.3, 13.1.1 and 13.1.2).
enum EntityTag {
    /// A tag that says what the bytes are: the same bytes have the same tag in every process.
    static func of(_ body: [UInt8]) -> String {
        "\"" + Base64.encode(SHA256.digest(of: body).prefix(12), .forURLs) + "\""
    }

    /// Whether a reader that sent this `If-None-Match` has those bytes; compares weakly.
    static func isKnown(_ tag: String, to header: String?) -> Bool {
        guard let header else { return false }
        return list(header)?.contains { $0 == "*" || ASCII.equals(opaque($0.text), opaque(tag)) } ?? false
    }

    /// Whether this `If-Match` names those bytes; compares strongly, so that a weak tag never matches.
    static func isMatched(_ tag: String, by header: String) -> Bool {
        list(header)?.contains { $0 == "*" || ASCII.equals($0.text, tag) && !isWeak(tag) } ?? false
    }

    /// The tags of a list, or `*` alone; nil for what is neither, which names nothing.
    ///
    /// Taken apart at the quotes: a tag may have commas and spaces in it.
    static func list(_ header: String) -> [ByteText]? {
        var rest = header.utf8[...]
        func skip(_ isSkipped: (UInt8) -> Bool) { rest = rest.drop(while: isSkipped) }
        var tags: [ByteText] = []
        skip { FieldText.isBlank($0) || $0 == UInt8(ascii: ",") }
        while let first = rest.first {
            let start = rest.startIndex
            if first == UInt8(ascii: "*") {
                rest = rest.dropFirst()
            } else {
                if rest.starts(with: weakness) { rest = rest.dropFirst(weakness.count) }
                guard rest.first == UInt8(ascii: "\"") else { return nil }
                rest = rest.dropFirst().drop { $0 != UInt8(ascii: "\"") }
                guard !rest.isEmpty else { return nil }
                rest = rest.dropFirst()
            }
            tags.append(ByteText(Substring(header.utf8[start..<rest.startIndex])))
            skip(FieldText.isBlank)
            guard rest.isEmpty || rest.first == UInt8(ascii: ",") else { return nil }
            skip { FieldText.isBlank($0) || $0 == UInt8(ascii: ",") }
        }
        // Among others it is no tag.
        return tags.contains("*") && tags.count > 1 ? nil : tags
    }

    private static let weakness = "W/".utf8

    private static func isWeak(_ tag: String) -> Bool { tag.utf8.starts(with: weakness) }

    private static func opaque(_ tag: String) -> Substring {
        isWeak(tag) ? Substring(tag.utf8.dropFirst(weakness.count)) : tag[...]
    }
}
