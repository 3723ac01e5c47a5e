import Digests

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
        let digits = Array(text.utf8)
        guard digits.count == 2 * Self.size else { return nil }
        var bytes: [UInt8] = []
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = Self.value(of: digits[index]), let low = Self.value(of: digits[index + 1]) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    /// In lower case, for keeping.
    var hexadecimal: String { Hexadecimal.encode(bytes) }

    /// Whether both are the same, in a time that does not tell where they differ.
    func matches(_ other: TokenDigest) -> Bool { ConstantTime.equal(bytes, other.bytes) }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}

extension TokenDigest: CustomStringConvertible, CustomReflectable {
    /// `<digest>`, so that printing what holds one gives nothing away.
    var description: String { "<digest>" }

    /// A mirror without children, for the same reason.
    var customMirror: Mirror { Mirror(self, children: []) }
}
