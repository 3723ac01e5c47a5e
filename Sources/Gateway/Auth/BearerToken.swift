import HTTPFront

/// `Authorization: Bearer …` (RFC 6750, 2.1).
enum BearerToken {
    /// The digest of the token in a request; nil when there is none or there are several.
    static func digest(in head: RequestHead) -> TokenDigest? {
        let values = head.headers.values(of: "Authorization")
        guard values.count == 1, let value = values.first else { return nil }
        let parts = value.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return TokenDigest(of: String(parts[1]))
    }
}
