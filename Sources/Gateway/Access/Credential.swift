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
        let values = head.headers.values(of: "Authorization")
        guard values.count == 1, let value = values.first, value.utf8.count <= Self.longest else { return nil }
        let parts = value.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: true)
        guard parts.count == 2, ASCII.equalsFolded(Substring(parts[0]), "bearer") else { return nil }
        let digest = TokenDigest(of: String(Substring(parts[1])))
        self = parts[1].starts(with: APIKey.prefix.utf8) ? .key(digest) : .token(digest)
    }
}
