import HTTPFront

/// What `Authorization: Bearer …` shows (RFC 6750, 2.1); it is known by its digest only.
enum Credential: Sendable {
    case token(TokenDigest)
    case key(TokenDigest)

    /// Nil when there is none, there are several, or it is of another scheme.
    init?(in head: RequestHead) {
        let values = head.headers.values(of: "Authorization")
        guard values.count == 1, let value = values.first else { return nil }
        let parts = value.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        let digest = TokenDigest(of: String(parts[1]))
        self = parts[1].hasPrefix(APIKey.prefix) ? .key(digest) : .token(digest)
    }
}
