import ByteText
import HTTPFront

/// What `Authorization: Bearer …` shows (RFC 6750, 2.1); it is known by its digest only.
enum Credential: Sendable {
    case token(TokenDigest)
    case key(TokenDigest)

    /// Bytes of the field's value; keys and tokens have fewer than 64.
    private static let longest = 256

    /// Nil when there is none, there are several, or it is too long or of another scheme.
    init?(in head: RequestHead) {
        guard head.headers.count(of: "Authorization") == 1, let value = head.headers.first(of: "Authorization"),
            value.utf8.count <= Self.longest
        else { return nil }
        let space = UInt8(ascii: " ")
        let text = value.utf8.drop { $0 == space }
        let scheme = text.prefix { $0 != space }
        let rest = text[scheme.endIndex...].drop { $0 == space }
        let shown = rest.prefix { $0 != space }
        guard !shown.isEmpty, rest[shown.endIndex...].allSatisfy({ $0 == space }),
            ASCII.equalsFolded(Substring(scheme), "bearer")
        else { return nil }
        let digest = TokenDigest(of: Substring(shown))
        self = shown.starts(with: APIKey.prefix.utf8) ? .key(digest) : .token(digest)
    }
}
