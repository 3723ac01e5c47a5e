/// What the gateway keeps of an API key.
package struct APIKeyRecord: Equatable, Sendable {
    /// Random: a key that is made again under a revoked one's name is another.
    let id: String
    package let name: APIKeyName
    package let scopes: Set<APIKeyScope>
    let createdAt: Timestamp
    let digest: TokenDigest

    /// When it was made: RFC 3339 in UTC.
    package var created: String { createdAt.text }

    /// Whose the sessions are that it opens.
    var owner: Owner { .key(id: id) }

    var isAdmin: Bool { scopes.contains(.admin) }
}
