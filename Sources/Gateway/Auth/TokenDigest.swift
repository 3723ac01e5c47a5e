import Digests

/// The SHA-256 of a credential, by which it is looked up.
///
/// Comparing digests tells a guesser nothing of how much of a guess was right.
struct TokenDigest: Hashable, Sendable {
    private let bytes: [UInt8]

    init(of token: String) {
        bytes = SHA256.digest(of: Array(token.utf8))
    }
}
