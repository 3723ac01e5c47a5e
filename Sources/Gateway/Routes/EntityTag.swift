import Digests
import HTTPFront

/// `ETag` and `If-None-Match` (RFC 9110, 8.8.3 and 13.1.2).
enum EntityTag {
    /// A tag that says what the bytes are: the same bytes have the same tag in every process.
    static func of(_ body: [UInt8]) -> String {
        "\"" + Base64URL.encode(SHA256.digest(of: body).prefix(12)) + "\""
    }

    /// Whether a reader that sent this header has those bytes.
    static func isKnown(_ tag: String, to header: String?) -> Bool {
        guard let header else { return false }
        return header.split(separator: ",").contains { candidate in
            let text = candidate.filter { $0 != " " && $0 != "\t" }
            return text == "*" || text == tag || text == "W/" + tag
        }
    }
}
