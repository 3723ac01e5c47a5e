import Digests
import Encodings

/// A session's credential: `mgt_` and 256 random bits.
///
/// The gateway keeps only its digest: what can be read from its memory or found by guessing at timings opens nothing.
struct Token: Sendable {
    /// What the caller sends as `Authorization: Bearer`.
    let text: String
    let digest: TokenDigest

    static let prefix = "mgt_"

    /// A new one.
    static func generate() -> Token {
        let text = prefix + Base64.encode(SecureRandom.bytes(count: 32), .forURLs)
        return Token(text: text, digest: TokenDigest(of: text))
    }
}
