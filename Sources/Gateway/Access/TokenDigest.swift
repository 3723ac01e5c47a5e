import Digests
import Encodings

/// The SHA-256 of a credential, by which it is looked up.
///
/// Comparing digests tells a guesser nothing of how much of a guess was right.
struct TokenDigest: Equatable, Sendable {
    /// Its bytes, eight in each: each request has one made and looked up.
    private let words: SIMD4<UInt64>

    private static let size = 32

    init(of token: String) { self.init(of: token[...]) }

    init(of token: Substring) {
        var token = token
        token.makeContiguousUTF8()
        self.init(SHA256.digest(of: token.utf8.span))
    }

    /// Reads what `hexadecimal` wrote; nil for anything else.
    init?(hexadecimal text: String) {
        guard let bytes = Hexadecimal.decode(text), bytes.count == Self.size else { return nil }
        self.init(bytes)
    }

    /// Reads what `bytes` gave; nil for anything else.
    init?(bytes: [UInt8]) {
        guard bytes.count == Self.size else { return nil }
        self.init(bytes)
    }

    private init(_ bytes: [UInt8]) {
        var words = SIMD4<UInt64>()
        for (index, byte) in bytes.enumerated() { words[index / 8] = words[index / 8] << 8 | UInt64(byte) }
        self.words = words
    }

    /// In lower case, for keeping.
    var hexadecimal: String { Hexadecimal.encode(bytes) }

    /// Whether both are the same, in a time that does not tell where they differ.
    func matches(_ other: TokenDigest) -> Bool {
        let difference = words ^ other.words
        return difference.x | difference.y | difference.z | difference.w == 0
    }

    /// For keeping where there is room for no text.
    var bytes: [UInt8] {
        words.indices.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: words[word] >> UInt64(56 - 8 * $0)) } }
    }
}

extension TokenDigest: Hashable {
    func hash(into hasher: inout Hasher) {
        // Any part of a digest is as good as all of it.
        hasher.combine(words.x)
    }
}

extension TokenDigest: CustomStringConvertible, CustomReflectable {
    /// `<digest>`, so that printing what holds one gives nothing away.
    var description: String { "<digest>" }

    /// A mirror without children, for the same reason.
    var customMirror: Mirror { Mirror(self, children: []) }
}
