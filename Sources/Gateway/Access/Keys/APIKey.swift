import Digests
import Encodings

/// An operator's credential: `mgk_` and 256 random bits, seen once, when it is made.
package struct APIKey: Sendable {
    /// What the caller sends as `Authorization: Bearer`.
    package let text: String
    let digest: TokenDigest

    static let prefix = "mgk_"

    /// A new one.
    static func generate() -> APIKey {
        let text = prefix + Base64.encode(SecureRandom.bytes(count: 32), .forURLs)
        return APIKey(text: text, digest: TokenDigest(of: text))
    }
}

extension APIKey: CustomStringConvertible, CustomReflectable {
    /// `<secret>`, so that printing one by mistake gives nothing away.
    package var description: String { "<secret>" }

    /// A mirror without children, for the same reason.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
