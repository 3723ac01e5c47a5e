/// What the gateway keeps of an API key.
package struct APIKeyRecord: Equatable, Sendable {
    /// Random: a key that is made again under a revoked one's name is another.
    let id: String
    package let name: APIKeyName
    package let scopes: Set<APIKeyScope>
    let createdAt: Timestamp
    let digest: TokenDigest
    package var pace = SendingPace()

    /// When it was made: RFC 3339 in UTC.
    package var created: String { createdAt.text }

    /// Whose the sessions are that it opens.
    var owner: Owner { .key(id: id) }

    var isAdmin: Bool { scopes.contains(.admin) }
}

/// What the operator calls a key: 1 to 64 letters, digits, `.`, `_` and `-` of ASCII.
package struct APIKeyName: Hashable, Sendable {
    package let text: String

    /// For messages: what a name consists of.
    package static let form = "1 to 64 letters, digits, dots, underscores and hyphens"

    private static let longest = 64

    /// Nil for anything else.
    package init?(_ text: String) {
        guard (1...Self.longest).contains(text.utf8.count), text.utf8.allSatisfy(Self.isPermitted) else { return nil }
        self.text = text
    }

    private static func isPermitted(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// What a key may do besides opening sessions and using them, which every key may.
package enum APIKeyScope: String, CaseIterable, Sendable {
    /// Listing and ending everybody's sessions.
    case admin
}

/// Who opened a session; callers without a key are one owner.
enum Owner: Hashable, Sendable {
    case anonymous
    /// The ID of an API key, and not its name, which another key may have after it.
    case key(id: String)
}
