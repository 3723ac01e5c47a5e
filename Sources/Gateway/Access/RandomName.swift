import Digests
import Encodings

/// Names that the gateway gives to what it makes: of sessions, keys and journals.
enum RandomName {
    /// A name of so many random bytes less one bit, in letters, digits, hyphens and underscores.
    static func make(byteCount: Int) -> String { text(SecureRandom.bytes(count: byteCount)) }

    /// The name that bytes stand for; without the first of their bits it begins with a letter.
    ///
    /// People hand names to commands, many of which take for an option whatever begins with a hyphen.
    static func text(_ bytes: [UInt8]) -> String {
        var bytes = bytes
        if let first = bytes.first { bytes[0] = first & 0x7F }
        return Base64.encode(bytes, .forURLs)
    }
}
