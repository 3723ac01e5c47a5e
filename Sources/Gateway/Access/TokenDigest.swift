import Digests
import Encodings

/// The SHA-256 of a credential, by which it is looked up.
///
/// Comparing digests tells a guesser nothing of how much of a guess was right.
struct TokenDigest: Hashable, Sendable {
    private let bytes: [UInt8]

    private static let size = 32

    init(of token: String) {
        bytes = SHA256.digest(of: Array(token.utf8))
    }

    /// Reads what `hexadecimal` wrote; nil for anything else.
    init?(hexadecimal text: String) {
        guard let bytes = Hexadecimal.decode(text), bytes.count == Self.size else { return nil }
        self.bytes = bytes
    }

    /// In lower case, for keeping.
    var hexadecimal: String { Hexadecimal.encode(bytes) }

    /// Whether both are the same, in a time that does not tell where they differ.
    func matches(_ other: TokenDigest) -> Bool { ConstantTime.equal(bytes, other.bytes) }
}

extension TokenDigest: CustomStringConvertible, CustomReflectable {
    /// `<digest>`, so that printing what holds one gives nothing away.
    var description: String { "<digest>" }

    /// A mirror without children, for the same reason.
    var customMirror: Mirror { Mirror(self, children: []) }
}
